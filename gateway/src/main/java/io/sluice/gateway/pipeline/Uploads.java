package io.sluice.gateway.pipeline;

import io.sluice.FileStore;
import java.io.InputStream;
import java.util.Optional;

/** The files that tenants have uploaded. Blocks. */
public interface Uploads {
  /** Those in a file store. */
  static Uploads of(FileStore files) {
    return new StoreUploads(files);
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
