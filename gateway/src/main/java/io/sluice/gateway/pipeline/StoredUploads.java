package io.sluice.gateway.pipeline;

import io.sluice.FileStore;
import io.sluice.gateway.files.FileId;
import io.sluice.gateway.files.Files;
import java.io.InputStream;
import java.util.Optional;

/** Those of {@code /v1/files}. */
record StoredUploads(Files files) implements Uploads {
  @Override
  public Optional<Upload> find(String tenant, String id) {
    return files.find(tenant, id).map(file -> new Upload(file.terms().filename(), file.bytes()));
  }

  @Override
  public Optional<InputStream> open(String tenant, String id) {
    return files.open(tenant, new FileId(id), 0).map(FileStore.Content::stream);
  }
}
