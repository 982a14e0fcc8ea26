package io.sluice;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;

/**
 * What to do when the store has lost its records: the lanes are walked once, message by message,
 * and each record is restored from its message. Until {@link #complete} the store answers {@link
 * JobStore.Lookup.Recovering} for absent jobs that are older than its epoch. A store that cannot
 * lose its records never asks for it.
 */
public interface Recovery {
  /**
   * Asks for the walk. At most one walker at a time holds it; it must call again at least every 10
   * seconds to keep it.
   *
   * @return the epoch to rebuild, or nothing if there is nothing to do or somebody else does it
   */
  Future<Optional<Epoch>> begin(String walker);

  /** Restores a record from its message unless there is one; queued and published. */
  Future<Void> restore(JobMessage message);

  /** The walk is over: from now on absent jobs are absent. */
  Future<Void> complete(Epoch epoch);

  /** The time since which the store has kept its records. */
  record Epoch(Instant since) {}
}
