package io.sluice.gateway.waiting;

import io.sluice.Admission.Level;
import io.sluice.Admission.Standing;
import io.sluice.Admission.Verdict;
import io.sluice.Job;
import io.sluice.Limit;
import io.sluice.Lines.Amount;
import io.sluice.forecast.Outlook;
import java.time.Duration;
import java.util.Optional;

/**
 * When a job that found no place to wait should come back: when so many of those that wait have
 * started, at the pace of its pool, that there is room for it. The jobs there are taken to be like
 * this one.
 */
public final class DrainTime {
  private DrainTime() {}

  /** The same standing; the wait of an admission that is under pressure is kept, being measured. */
  public static Standing of(Standing standing, Job job, Optional<Outlook> outlook) {
    if (outlook.isEmpty() || standing.exceeded().isEmpty()) {
      return standing;
    }
    return new Standing(
        standing.levels().stream()
            .map(level -> isFull(level, standing) ? timed(level, job, outlook.get()) : level)
            .toList(),
        standing.delay(),
        standing.pressure());
  }

  private static boolean isFull(Level level, Standing standing) {
    boolean measured = standing.pressure() > 0 && level.limit().scope() != Limit.Scope.EVERYBODY;
    return level.verdict() == Verdict.EXCEEDED
        && level.limit().window().isZero()
        && level.retryAfter().isPresent()
        && !measured;
  }

  private static Level timed(Level level, Job job, Outlook outlook) {
    Amount one = new Amount(1, 0);
    Optional<Duration> wait =
        level.limit().scope() == Limit.Scope.EVERYBODY
            ? outlook.untilStarted(one)
            : outlook.untilStarted(job.jobClass(), job.tenant(), one);
    return wait.map(
            it ->
                new Level(
                    level.limit(),
                    level.bound(),
                    level.remaining(),
                    level.reset(),
                    level.verdict(),
                    Optional.of(it)))
        .orElse(level);
  }
}
