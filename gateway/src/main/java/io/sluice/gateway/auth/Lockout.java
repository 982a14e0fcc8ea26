package io.sluice.gateway.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sluice.address.Address;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who failed too often to be heard for a while: a network (an IPv4 address, or 64 bits of IPv6)
 * that showed too many wrong credentials, or one that failed against a key which is being tried
 * from many places. Only whoever fails is blocked, so that no stranger locks out a good key; and
 * who was let in from its address before is heard there still, so that no neighbour does.
 *
 * <p>Failures run off at the rate that is allowed, as in a leaky bucket: so many at once, or a
 * minute for ever. In this process only: many gateways multiply the bound. Every table is bounded;
 * what is pushed out is forgotten. Safe from any thread.
 */
final class Lockout {
  static final int ENTRIES_MAX = 100_000;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  /** So many networks' worth of failures count against a key: no single one can bring it there. */
  private static final int NETWORKS_PER_KEY = 5;

  private static final Duration GOOD_FOR = Duration.ofHours(1);
  private static final int UNDELAYED = 2;
  private static final Duration DELAY_FIRST = Duration.ofMillis(100);
  private static final Duration DELAY_MAX = Duration.ofSeconds(2);

  private final int failuresMax;
  private final Duration block;
  private final InstantSource clock;
  private final Cache<Subject, Tally> failures;
  private final Cache<Subject, Instant> blocks;
  private final Cache<Good, Boolean> good;

  /**
   * @param failuresMax failures a minute; 0 blocks nobody and slows nobody down
   * @param block how long
   */
  Lockout(int failuresMax, Duration block, InstantSource clock) {
    this.failuresMax = failuresMax;
    this.block = block;
    this.clock = clock;
    this.failures = bounded().expireAfterWrite(WINDOW.multipliedBy(2)).build();
    this.blocks = bounded().expireAfterWrite(block).build();
    this.good = bounded().expireAfterAccess(GOOD_FOR).build();
  }

  private Caffeine<Object, Object> bounded() {
    return Caffeine.newBuilder()
        .maximumSize(ENTRIES_MAX)
        .ticker(Nanoseconds.of(clock))
        .executor(Runnable::run);
  }

  /**
   * How long an address is not to be heard; empty if it is. Looks nothing up but here.
   *
   * @param principal whom the credential names; asked only where somebody is blocked
   */
  Optional<Duration> wait(String address, Supplier<Optional<String>> principal) {
    if (blocks.estimatedSize() == 0) {
      return Optional.empty();
    }
    Optional<Address> network = network(address);
    Optional<String> named = principal.get();
    return blockedUntil(new Subject(network, Optional.empty()))
        .or(() -> named.flatMap(key -> blockedUntil(new Subject(network, Optional.of(key)))))
        .filter(until -> named.filter(key -> isGood(address, key)).isEmpty())
        .map(until -> Duration.between(clock.instant(), until));
  }

  private Optional<Instant> blockedUntil(Subject subject) {
    return Optional.ofNullable(blocks.getIfPresent(subject));
  }

  private boolean isGood(String address, String principal) {
    return good.getIfPresent(new Good(address, principal)) != null;
  }

  /** Forgets what failed there under this name, and remembers that it is good there. */
  void succeeded(String address, String principal) {
    if (failuresMax == 0) {
      return;
    }
    if (!isGood(address, principal)) {
      good.put(new Good(address, principal), true);
    }
    if (failures.estimatedSize() > 0) {
      forgive(network(address), Optional.of(principal));
    }
  }

  private void forgive(Optional<Address> network, Optional<String> key) {
    Instant now = clock.instant();
    Optional.ofNullable(failures.asMap().remove(new Subject(network, key)))
        .map(tally -> tally.rest(now))
        .filter(Duration::isPositive)
        .ifPresent(
            rest -> {
              lower(new Subject(network, Optional.empty()), rest);
              lower(new Subject(Optional.empty(), key), rest.dividedBy(NETWORKS_PER_KEY));
            });
  }

  private void lower(Subject subject, Duration by) {
    failures.asMap().computeIfPresent(subject, (same, tally) -> tally.lower(by));
  }

  /**
   * Counts a failure.
   *
   * @param keyId the key that it names, if it names one
   * @param guess whether it may be a guess; what was good once counts only against its own key
   *     there
   */
  Outcome failed(String address, Optional<String> keyId, boolean guess) {
    if (failuresMax == 0) {
      return Outcome.NONE;
    }
    Optional<Address> network = network(address);
    Subject pair = new Subject(network, keyId);
    int here = keyId.map(key -> add(pair, failuresMax)).orElse(0);
    if (!guess) {
      return outcome(here, pair);
    }
    Subject all = new Subject(network, Optional.empty());
    int ofNetwork = add(all, failuresMax);
    if (ofNetwork >= failuresMax) {
      return outcome(ofNetwork, all);
    }
    boolean besieged =
        keyId.filter(key -> isBesieged(new Subject(Optional.empty(), keyId))).isPresent();
    return outcome(besieged ? failuresMax : ofNetwork, pair);
  }

  private boolean isBesieged(Subject key) {
    int max = failuresMax * NETWORKS_PER_KEY;
    return add(key, max) >= max;
  }

  private int add(Subject subject, int perWindow) {
    Instant now = clock.instant();
    Duration each = WINDOW.dividedBy(perWindow);
    return failures
        .asMap()
        .merge(subject, Tally.NONE.add(now, each), (known, first) -> known.add(now, each))
        .level(now, each);
  }

  private Outcome outcome(int level, Subject subject) {
    boolean begins =
        level >= failuresMax
            && blocks.asMap().putIfAbsent(subject, clock.instant().plus(block)) == null;
    return new Outcome(delay(level), begins ? Optional.of(subject) : Optional.empty());
  }

  private static Duration delay(int level) {
    if (level <= UNDELAYED) {
      return Duration.ZERO;
    }
    Duration delay = DELAY_FIRST.multipliedBy(1L << Math.min(level - UNDELAYED - 1, 10));
    return delay.compareTo(DELAY_MAX) < 0 ? delay : DELAY_MAX;
  }

  /** How many are blocked now. */
  long blocked() {
    blocks.cleanUp();
    return blocks.estimatedSize();
  }

  /** The largest of its tables, for the test of their bound. */
  long entries() {
    failures.cleanUp();
    good.cleanUp();
    return Math.max(blocked(), Math.max(failures.estimatedSize(), good.estimatedSize()));
  }

  private static Optional<Address> network(String address) {
    return Address.parse(address).map(Address::network);
  }

  /**
   * What comes of a failure.
   *
   * @param delay before its answer
   * @param block who is blocked from now on
   */
  record Outcome(Duration delay, Optional<Subject> block) {
    private static final Outcome NONE = new Outcome(Duration.ZERO, Optional.empty());
  }

  /** A network, a key, or a network for one key. */
  record Subject(Optional<Address> network, Optional<String> key) {}

  /** A credential that worked from an address. */
  private record Good(String address, String principal) {}

  /** Failures that run off, by when they will all have run off. */
  private record Tally(Instant empty) {
    private static final Tally NONE = new Tally(Instant.EPOCH);

    Tally add(Instant now, Duration each) {
      Instant later = (empty.isAfter(now) ? empty : now).plus(each);
      Instant latest = now.plus(WINDOW.multipliedBy(2));
      return new Tally(later.isBefore(latest) ? later : latest);
    }

    Tally lower(Duration by) {
      return new Tally(empty.minus(by));
    }

    Duration rest(Instant now) {
      return Duration.between(now, empty);
    }

    int level(Instant now, Duration each) {
      return (int) Math.ceilDiv(Math.max(0, rest(now).toMillis()), each.toMillis());
    }
  }
}
