package io.sluice;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A step in the life of a job, as {@link JobHistory} keeps it: a closed choice. */
public sealed interface Step {
  Instant at();

  /**
   * The record was made.
   *
   * @param delay how long the job was held back before it was published, so that a burst is
   *     smoothed
   */
  record Admitted(Instant at, Duration delay) implements Step {}

  /** The store was told that the queue has it; it may have been told late, or never. */
  record Published(Instant at) implements Step {}

  /** The store had lost the record and has it back from its message; what was before is unknown. */
  record Restored(Instant at) implements Step {}

  /**
   * An attempt began.
   *
   * @param turn how its turn came; known of first attempts only
   */
  record Started(Instant at, int attempt, String worker, Optional<Turn> turn) implements Step {}

  /**
   * An attempt was given up for another one.
   *
   * @param code the wire name of a {@link FailureCode}
   * @param notBefore the next attempt starts no earlier than this
   */
  record Failed(Instant at, String code, Instant notBefore) implements Step {}

  /** The holder stopped to renew its lease, which ended at this time. */
  record LeaseLost(Instant at, String worker) implements Step {}

  /** Somebody asked for the end of the running job. */
  record CancelAsked(Instant at) implements Step {}

  record Ended(Instant at, JobState state) implements Step {}

  /**
   * Steps that are not kept any more.
   *
   * @param at the time of the first of them
   */
  record LeftOut(Instant at, int steps) implements Step {}

  /**
   * How the turn of a waiting job came.
   *
   * @param first since when no other job of its lane was before it
   * @param interactive how many interactive jobs of its pool started from then on, before it
   * @param batch how many batch jobs did
   * @param running the running jobs of its tenant when it started, itself included
   * @param runningMax the most that may run; 0 where there is no bound
   */
  record Turn(Instant first, long interactive, long batch, long running, long runningMax) {}
}
