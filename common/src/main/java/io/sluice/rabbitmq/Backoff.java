package io.sluice.rabbitmq;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waits between attempts to connect: doubling to five seconds, with jitter against herds. */
final class Backoff {
  private static final long FIRST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 5000;

  private long nextMillis = FIRST_MILLIS;

  Duration next() {
    long millis = nextMillis;
    nextMillis = Math.min(LONGEST_MILLIS, nextMillis * 2);
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
  }

  void reset() {
    nextMillis = FIRST_MILLIS;
  }
}
