package io.sluice.gateway.bulk;

import io.sluice.FileStore;
import io.sluice.Unavailable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of a journal, each named by the number of its first entry. A file is whole or not
 * there, so the next one's number follows from what is in it.
 */
final class Segments {
  private static final int LISTED_AT_ONCE = 1_000;

  private final FileStore files;
  private final String folder;

  Segments(FileStore files, String folder) {
    this.files = files;
    this.folder = folder;
  }

  /** False if somebody else created the segment that begins there. */
  boolean create(long first, List<Line> lines) {
    try (FileStore.Draft draft = files.create(name(first))) {
      for (Line line : lines) {
        draft.write(line.bytes(), 0, line.bytes().length);
      }
      return draft.commit();
    }
  }

  /** The entries of the segment that begins with this number; empty if there is none yet. */
  List<Journal.Entry> at(long first) {
    Optional<FileStore.Content> content = files.read(name(first), 0);
    if (content.isEmpty()) {
      return List.of();
    }
    List<Journal.Entry> entries = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(content.get().stream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        entries.add(Line.parse(first + entries.size(), line));
      }
    } catch (IOException e) {
      throw new Unavailable("files", e.toString(), e);
    }
    return entries;
  }

  /** With which number the segment begins that has this entry, or would have it. */
  long beginOf(long seq) {
    long begin = 1;
    String after = "";
    while (true) {
      List<FileStore.Entry> some = files.list(folder, after, LISTED_AT_ONCE);
      for (FileStore.Entry segment : some) {
        long first = Long.parseLong(segment.name());
        if (first > seq) {
          return begin;
        }
        begin = first;
      }
      if (some.size() < LISTED_AT_ONCE) {
        return begin;
      }
      after = some.getLast().name();
    }
  }

  private String name(long first) {
    return folder + "/%012d".formatted(first);
  }
}
