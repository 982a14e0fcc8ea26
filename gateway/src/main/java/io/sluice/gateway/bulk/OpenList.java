package io.sluice.gateway.bulk;

import io.sluice.FileStore;
import io.sluice.gateway.bulk.Undertaking.Opened;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which undertakings of a kind have not ended: an empty file for each, so that any gateway sees.
 */
final class OpenList {
  /** More than gateways could drive in a day; those after them wait for their turn. */
  private static final int LOOKED_AT_MAX = 10_000;

  private final FileStore files;
  private final String folder;

  OpenList(FileStore files, String kind) {
    this.files = files;
    this.folder = "open/" + kind;
  }

  /** Durable when it returns. */
  void add(Opened opened) {
    try (FileStore.Draft draft = files.create(name(opened))) {
      draft.commit();
    }
  }

  void remove(Opened opened) {
    files.delete(name(opened));
  }

  /** Oldest first. */
  List<Opened> all() {
    return files.list(folder, "", LOOKED_AT_MAX).stream()
        .map(FileStore.Entry::name)
        .flatMap(OpenList::parse)
        .toList();
  }

  private String name(Opened opened) {
    return folder + "/" + opened.id() + "." + opened.tenant();
  }

  private static Stream<Opened> parse(String name) {
    int dot = name.indexOf('.');
    return dot < 1
        ? Stream.empty()
        : Stream.of(new Opened(name.substring(0, dot), name.substring(dot + 1)));
  }
}
