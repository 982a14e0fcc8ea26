package io.sluice.gateway.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sluice.address.Address;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Counts of failures that run off at the rate that is allowed, as in a leaky bucket. At most so
 * many subjects; what is pushed out is forgotten. Safe from any thread.
 */
final class Failures {
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration KEPT = WINDOW.multipliedBy(2);

  private final InstantSource clock;
  private final Cache<Subject, Tally> tallies;

  Failures(int subjectsMax, InstantSource clock) {
    this.clock = clock;
    this.tallies =
        Caffeine.newBuilder()
            .maximumSize(subjectsMax)
            .expireAfterWrite(KEPT)
            .ticker(Nanoseconds.of(clock))
            .executor(Runnable::run)
            .build();
  }

  /**
   * Counts one more.
   *
   * @param perMinute how many run off in a minute
   * @return how many have not run off, this one included
   */
  int add(Subject subject, int perMinute) {
    Instant now = clock.instant();
    Duration each = WINDOW.dividedBy(perMinute);
    return tallies
        .asMap()
        .merge(subject, Tally.NONE.add(now, each), (known, first) -> known.add(now, each))
        .level(now, each);
  }

  /** Forgets a subject; tells how long its failures would have taken to run off. */
  Duration remove(Subject subject) {
    return Optional.ofNullable(tallies.asMap().remove(subject))
        .map(tally -> Duration.between(clock.instant(), tally.empty()))
        .filter(Duration::isPositive)
        .orElse(Duration.ZERO);
  }

  /** Takes off what takes so long to run off. */
  void lower(Subject subject, Duration by) {
    tallies.asMap().computeIfPresent(subject, (same, tally) -> new Tally(tally.empty().minus(by)));
  }

  /** Whether nobody failed of late, which is the usual case. */
  boolean none() {
    return tallies.estimatedSize() == 0;
  }

  long subjects() {
    tallies.cleanUp();
    return tallies.estimatedSize();
  }

  /** A network, a key, or a network for one key. */
  record Subject(Optional<Address> network, Optional<String> key) {}

  /** By when the failures of a subject will all have run off. */
  private record Tally(Instant empty) {
    private static final Tally NONE = new Tally(Instant.EPOCH);

    Tally add(Instant now, Duration each) {
      Instant later = (empty.isAfter(now) ? empty : now).plus(each);
      Instant latest = now.plus(KEPT);
      return new Tally(later.isBefore(latest) ? later : latest);
    }

    int level(Instant now, Duration each) {
      return (int) Math.ceilDiv(Duration.between(now, empty).toMillis(), each.toMillis());
    }
  }
}
