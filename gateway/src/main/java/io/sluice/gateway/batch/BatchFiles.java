package io.sluice.gateway.batch;

import io.sluice.FileStore;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;

/** The files of a tenant that a batch reads and makes. Blocks; safe from any thread. */
interface BatchFiles {
  /** Whether there is such a file of the tenant, uploaded for a batch. */
  boolean isInput(String tenant, String id);

  /** A file from an offset on; empty if there is none, or no longer. The caller closes it. */
  Optional<InputStream> open(String tenant, String id, long offset);

  /**
   * Begins a file. Nobody sees it before its commit, which says false if there is one of that id
   * already.
   */
  FileStore.Draft create(Made made);

  /**
   * A file that a batch makes.
   *
   * @param expiresAt when it goes; as others do where it is empty
   */
  record Made(String tenant, String id, String filename, Optional<Instant> expiresAt) {}
}
