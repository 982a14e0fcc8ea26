package io.sluice.cli.bulk;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/** How fast a number rises, over the last minute. Used by one thread at a time. */
final class Rate {
  private static final Duration OVER = Duration.ofSeconds(60);
  private static final int SAMPLES_MAX = 600;

  private record Sample(Instant at, long number) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  void at(Instant now, long number) {
    samples.addLast(new Sample(now, number));
    // One that is older than a minute stays, so that there is a minute to look at.
    while (samples.size() > SAMPLES_MAX || secondIsOld(now)) {
      samples.removeFirst();
    }
  }

  private boolean secondIsOld(Instant now) {
    return samples.size() > 2
        && samples.stream().skip(1).findFirst().orElseThrow().at().plus(OVER).isBefore(now);
  }

  /** A second; empty before there is anything to compare. */
  OptionalDouble perSecond() {
    if (samples.size() < 2) {
      return OptionalDouble.empty();
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    double seconds = Duration.between(first.at(), last.at()).toMillis() / 1000.0;
    return seconds <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.max(0, last.number() - first.number()) / seconds);
  }
}
