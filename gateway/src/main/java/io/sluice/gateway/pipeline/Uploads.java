package io.sluice.gateway.pipeline;

import io.sluice.gateway.files.Files;
import java.io.InputStream;
import java.util.Optional;

/** The files that tenants have uploaded. Blocks. */
public interface Uploads {
  /** Those of {@code /v1/files}. */
  static Uploads of(Files files) {
    return new StoredUploads(files);
  }

  /** Empty for what there is not, is another's, or has expired. */
  Optional<Upload> find(String tenant, String id);

  /** Its bytes; the caller closes them. */
  Optional<InputStream> open(String tenant, String id);

  /**
   * @param filename as its owner wrote it
   */
  record Upload(String filename, long bytes) {}
}
