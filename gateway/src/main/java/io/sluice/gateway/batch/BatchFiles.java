package io.sluice.gateway.batch;

import io.sluice.FileStore;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;

/** The files of a tenant that a batch reads and makes. Blocks; safe from any thread. */
interface BatchFiles {
  /**
   * Keeps the input file of a batch from being deleted, until it is unpinned or the window is long
   * over; false if there is no such file of its tenant, uploaded for a batch.
   */
  boolean pin(Batch batch);

  /** Lets go of it; harmless where nothing was pinned. */
  void unpin(Batch batch);

  /** A file from an offset on; empty if there is none, or no longer. The caller closes it. */
  Optional<InputStream> open(String tenant, String id, long offset);

  /** Begins a file. Nobody sees it before its commit, which leaves one of that id as it is. */
  FileStore.Draft create(Made made);

  /**
   * A file that a batch makes.
   *
   * @param expiresAt when it goes
   */
  record Made(String tenant, String id, String filename, Instant expiresAt) {}
}
