package io.sluice.forecast;

import io.sluice.Backlog;
import io.sluice.Forecast;
import io.sluice.Lines.Odds;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a forecast said before the odds were applied, to be held against the actual wait.
 *
 * @param medianMs the modelled wait
 * @param ninetyMs the same for the 90 % quantile, without {@link Backlog#FLOOR}
 */
public record Told(double medianMs, double ninetyMs) {
  /**
   * Of waits that are mostly the way to a worker nothing is learned. It is the modelled wait that
   * counts: odds that are far too low would else keep themselves so, by forecasts too short to
   * learn from.
   */
  private static final double LEAST_MS = 500;

  /** Empty where nothing was told from which the odds could learn. */
  public static Optional<Told> of(Forecast forecast, Instant now, Odds odds) {
    if (forecast.p50().isEmpty() || forecast.p90().isEmpty()) {
      return Optional.empty();
    }
    double median = millis(now, forecast.p50().get()) / odds.median();
    double ninety = millis(now, forecast.p90().get().minus(Backlog.FLOOR)) / odds.ninety();
    return median >= LEAST_MS && ninety > 0
        ? Optional.of(new Told(median, ninety))
        : Optional.empty();
  }

  private static double millis(Instant from, Instant to) {
    return Duration.between(from, to).toMillis();
  }

  /** The odds after the job has started that waited so long, while so many of its pool wait on. */
  public Odds after(Odds odds, long waitedMs, long waiting) {
    double beyondFloor = Math.max(0, waitedMs - Backlog.FLOOR.toMillis());
    return odds.after(waitedMs / medianMs, beyondFloor / ninetyMs, waiting);
  }
}
