package io.sluice.gateway.batch;

import io.sluice.FileStore;
import java.io.InputStream;
import java.util.Optional;

/** Those in the file store. */
record StoreFiles(FileStore store) implements BatchFiles {
  static String name(String tenant, String id) {
    return "files/" + tenant + "/" + id;
  }

  @Override
  public boolean isInput(String tenant, String id) {
    Optional<FileStore.Content> content =
        FileStore.isPart(id) ? store.read(name(tenant, id), 0) : Optional.empty();
    content.ifPresent(FileStore.Content::close);
    return content.isPresent();
  }

  @Override
  public Optional<InputStream> open(String tenant, String id, long offset) {
    return store.read(name(tenant, id), offset).map(FileStore.Content::stream);
  }

  @Override
  public FileStore.Draft create(Made made) {
    return store.create(name(made.tenant(), made.id()));
  }
}
