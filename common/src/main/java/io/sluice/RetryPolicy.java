package io.sluice;

import java.time.Duration;

/**
 * How often a job's own failures are tried again, and how far apart. Faults of the infrastructure
 * are not counted here: they are bounded by the job's {@code finish_by}.
 *
 * @param maxAttempts attempts that may fail on the job's account before it fails; 1 to 10
 */
public record RetryPolicy(int maxAttempts, Duration firstDelay, Duration maxDelay) {
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(3, Duration.ofSeconds(1), Duration.ofSeconds(60));

  public RetryPolicy {
    if (maxAttempts < 1 || maxAttempts > 10) {
      throw new IllegalArgumentException("attempts: " + maxAttempts + " is not in 1..10");
    }
  }

  /**
   * The wait before the run after {@code failures} failed ones: doubling from the first, capped.
   */
  public Duration delayAfter(int failures) {
    int doublings = Math.clamp(failures - 1L, 0, 20);
    Duration delay = firstDelay.multipliedBy(1L << doublings);
    return delay.compareTo(maxDelay) > 0 ? maxDelay : delay;
  }
}
