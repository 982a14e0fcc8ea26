package io.sluice;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;

/**
 * The right to run a job: one holder at a time, for as long as it renews. Every claim raises the
 * job's fence to {@code max(old + 1, the store's time in ms)}, so that fences never repeat even
 * after the store lost everything; whatever a former holder still writes is refused by its fence.
 *
 * <p>Every method may be sent twice with the same effect as once.
 */
public interface Leases {
  /** How long a lease lasts without renewal. */
  Duration LENGTH = Duration.ofSeconds(15);

  /** Losses (see {@link FailureCode.Blame#SUSPECT}) that make a job poison. */
  int MAX_LOSSES = 3;

  /**
   * Asks to run the job of a message. In one step, in this order:
   *
   * <ul>
   *   <li>same nonce as the current holder's: the same answer again;
   *   <li>no record: past {@code finish_by} → {@link Claim.Over}; else the record is restored from
   *       the message, with its idempotency key; if another job holds that key it ends cancelled
   *       (superseded);
   *   <li>ended → {@link Claim.Over};
   *   <li>held by a live lease → {@link Claim.Held};
   *   <li>cancelling → cancelled; past {@code finish_by} → failed (lost); queued, never started and
   *       past {@code start_by} → expired; each is then {@link Claim.Ended};
   *   <li>before {@code notBefore} → {@link Claim.NotYet};
   *   <li>it shares answers, and one is known: completed with it, and {@link Claim.Over}; a sweep
   *       tells of it;
   *   <li>it shares answers, never ran, and an identical job runs under a live lease: {@link
   *       Claim.NotYet}, for some seconds, but not within {@link Sharing#LAST_CALL} of its {@code
   *       start_by};
   *   <li>in progress with a dead lease: one more loss; at {@link #MAX_LOSSES} failed (poison), and
   *       {@link Claim.Ended};
   *   <li>else in progress, attempt + 1, new fence, new lease, and the log gets {@link
   *       JobEvent.Start} for the first attempt or {@link JobEvent.Reset} for any other, at seq 0
   *       of the fence.
   * </ul>
   */
  Future<Claim> claim(Request request);

  /** Extends the lease by {@link #LENGTH} from now. */
  Future<Renewal> renew(Lease lease);

  /**
   * Gives the job up for another attempt: queued, not before {@code notBefore}; the fence rises.
   * The failure's blame is added to the job's counts; the caller has checked that another attempt
   * is allowed.
   */
  Future<Settled> requeue(Lease lease, Instant notBefore, Failure why);

  /**
   * Ends the job: state, result, usage, {@code end} event and the settlement of limits in one step.
   * On a cancelling job any ending becomes cancelled, with its output kept.
   *
   * <p>In the same step the answer of a job that shares it and completed is kept, and those that
   * wait for it are completed with it: published, queued, and never started. Where there are more
   * than 4 MiB of it, the rest is answered when it is claimed.
   */
  Future<Settled> finish(Lease lease, Ending ending);

  /**
   * @param worker the id of the worker process
   * @param nonce unique to this claim, so that a resend gets the same answer
   * @param continued the claimant holds text of this job from before the store lost it: a restored
   *     record then starts with a reset, at the message's attempt
   */
  record Request(JobMessage message, String worker, String nonce, boolean continued) {}

  /** The right itself. */
  record Lease(JobId id, String worker, long fence) {}

  /** The answer to a claim. */
  sealed interface Claim {
    /** Run it. */
    record Granted(Lease lease, JobRecord record) implements Claim {}

    /** Somebody runs it. */
    record Held(String worker, Duration remaining) implements Claim {}

    /** It waits for its next attempt. */
    record NotYet(Instant notBefore) implements Claim {}

    /** This claim has ended it: settle the message. A claim after it gets {@link Over}. */
    record Ended(JobState state) implements Claim {}

    /** It had ended before, or is gone for good: settle the message. */
    record Over(JobState state) implements Claim {}
  }

  /** The answer to a renewal. */
  enum Renewal {
    RENEWED,
    /** Renewed, and the job is to be cancelled. */
    CANCELLING,
    /** Somebody else holds or ended the job: stop. */
    FENCED,
    /** There is no record: claim again. */
    GONE
  }

  /** The answer to an ending. */
  enum Settled {
    /** Written, now or by the same call before. */
    WRITTEN,
    /** Refused: somebody else holds or ended the job. */
    FENCED,
    /** There is no record: claim again. */
    GONE
  }
}
