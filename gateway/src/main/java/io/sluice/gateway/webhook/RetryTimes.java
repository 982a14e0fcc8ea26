package io.sluice.gateway.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a failed try is followed by another: soon at first, then ever more rarely, as the Standard
 * Webhooks specification proposes, each a fifth more or less, so that what failed together does not
 * come together again.
 */
final class RetryTimes {
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10));
  private static final double JITTER = 0.2;

  /** A receiver may ask for more time, but not for ever. */
  private static final Duration ASKED_MAX = Duration.ofHours(12);

  private RetryTimes() {}

  /**
   * @param attempts how many tries there were, at least 1
   * @param asked how long the receiver wants to be left alone, if it said so
   */
  static Duration after(int attempts, Optional<Duration> asked, RandomGenerator random) {
    Duration pause = PAUSES.get(Math.clamp(attempts - 1L, 0, PAUSES.size() - 1));
    double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
    Duration drawn = Duration.ofMillis(Math.round(pause.toMillis() * factor));
    Duration wanted = asked.filter(it -> it.compareTo(drawn) > 0).orElse(drawn);
    return wanted.compareTo(ASKED_MAX) > 0 ? ASKED_MAX : wanted;
  }
}
