package io.sluice.gateway.pipeline;

import io.sluice.FileStore;
import java.io.InputStream;
import java.util.Optional;

/** Those in the file store, by their ids. */
record StoreUploads(FileStore store) implements Uploads {
  private static String name(String tenant, String id) {
    return "files/" + tenant + "/" + id;
  }

  @Override
  public Optional<Upload> find(String tenant, String id) {
    return content(tenant, id)
        .map(
            content -> {
              content.close();
              return new Upload(id, content.bytes());
            });
  }

  @Override
  public Optional<InputStream> open(String tenant, String id) {
    return content(tenant, id).map(FileStore.Content::stream);
  }

  private Optional<FileStore.Content> content(String tenant, String id) {
    return FileStore.isPart(id) ? store.read(name(tenant, id), 0) : Optional.empty();
  }
}
