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
   * @param turn how its turn came; known of first attempts only, and not of restored records
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

  /**
   * Its turn had come, and an identical job ran, for whose answer it waits.
   *
   * @param source that job; empty where it is another tenant's
   */
  record Joined(Instant at, Optional<JobId> source) implements Step {}

  /** It got the answer of another job. */
  record Answered(Instant at, Cached cached) implements Step {
    /** Why the log of a job begins, or begins anew, with such an answer. */
    public static final String REASON = "answered";
  }

  record Ended(Instant at, JobState state) implements Step {}

  /**
   * Somebody tried to tell the job's webhook of its end.
   *
   * @param status of the answer, where there was one
   * @param problem why it failed, as a word; empty where it did not
   */
  record WebhookTried(Instant at, int attempt, Optional<Integer> status, Optional<String> problem)
      implements Step {}

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
   * @param ahead how many jobs of its lane were before it when it came
   * @param meanwhile what started in its pool from {@code first} on, before it
   * @param bound empty where its tenant may run any number, or shares its lane
   */
  record Turn(Instant first, long ahead, Starts meanwhile, Optional<Bound> bound) {}

  /** Attempts of other jobs that began, by class. */
  record Starts(long interactive, long batch) {
    public static final Starts NONE = new Starts(0, 0);

    public boolean isNone() {
      return interactive + batch == 0;
    }
  }

  /**
   * How a job stood to the bound on its tenant's running jobs.
   *
   * @param running those when it started, itself included
   * @param runningMax the most that might run when it came
   * @param until when as many ran for the last time; empty if that is not known
   */
  record Bound(long running, long runningMax, Optional<Instant> until) {}
}
