package io.sluice.gateway.waiting;

import io.sluice.Forecast;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether a forecast says something else than one before it. */
final class Changes {
  private static final Duration LEAST = Duration.ofSeconds(2);
  private static final int TENTH = 10;

  private Changes() {}

  /**
   * Another position, or an expected start that moved by more than 2 seconds and more than a tenth
   * of the wait that is left.
   */
  static boolean matter(Forecast before, Forecast after, Instant now) {
    return before.position() != after.position()
        || moved(before.p50(), after.p50(), now)
        || moved(before.p90(), after.p90(), now);
  }

  private static boolean moved(Optional<Instant> before, Optional<Instant> after, Instant now) {
    if (before.isEmpty() || after.isEmpty()) {
      return before.isPresent() != after.isPresent();
    }
    Duration by = Duration.between(before.get(), after.get()).abs();
    Duration tenth = Duration.between(now, after.get()).abs().dividedBy(TENTH);
    return by.compareTo(LEAST) > 0 && by.compareTo(tenth) > 0;
  }
}
