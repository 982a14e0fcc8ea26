package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.JobRecord;
import io.sluice.Leases;
import io.sluice.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** Decides whether a job whose attempt failed gets another one. */
final class Retries {
  private Retries() {}

  /** What becomes of the job: a closed choice. */
  sealed interface Verdict {
    /** Another attempt, after a wait. */
    record Again(Duration delay) implements Verdict {}

    /** None: this is why the job failed. */
    record Fail(Failure why) implements Verdict {}
  }

  /**
   * @param record as it was when the attempt began: its counts do not know of this failure
   */
  static Verdict judge(JobRecord record, Failure why, Instant now, RandomGenerator random) {
    RetryPolicy policy = record.job().retry();
    int losses = record.losses() + 1;
    int failures = record.failures() + 1;
    if (!why.code().retryable()) {
      return new Verdict.Fail(why);
    }
    return switch (why.code().blame()) {
      case JOB ->
          failures < policy.maxAttempts()
              ? again(record, why, failures, now, random)
              : new Verdict.Fail(why);
      case SUSPECT ->
          losses < Leases.MAX_LOSSES
              ? again(record, why, losses, now, random)
              : new Verdict.Fail(poison(why));
      case INFRASTRUCTURE -> again(record, why, record.attempt(), now, random);
    };
  }

  /** Full jitter. What could not begin in time is not put off until it is lost. */
  private static Verdict again(
      JobRecord record, Failure why, int count, Instant now, RandomGenerator random) {
    long mostMs = record.job().retry().delayAfter(count).toMillis();
    Duration wait = Duration.ofMillis(random.nextLong(mostMs + 1));
    return now.plus(wait).isBefore(record.job().finishBy())
        ? new Verdict.Again(wait)
        : new Verdict.Fail(why);
  }

  private static Failure poison(Failure last) {
    return new Failure(
        FailureCode.POISON,
        "%d workers or engines were lost under this job, the last one by %s: %s"
            .formatted(Leases.MAX_LOSSES, last.code().wireName(), last.message()));
  }
}
