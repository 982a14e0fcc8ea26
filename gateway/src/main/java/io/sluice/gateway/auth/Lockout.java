package io.sluice.gateway.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sluice.address.Address;
import io.sluice.gateway.auth.Failures.Subject;
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
 * <p>So many failures at once are allowed, or a minute for ever ({@link Failures}). In this process
 * only: many gateways multiply the bound. Every table is bounded. Safe from any thread.
 */
final class Lockout {
  static final int ENTRIES_MAX = 100_000;

  /** So many networks' worth of failures count against a key: no single one can bring it there. */
  private static final int NETWORKS_PER_KEY = 5;

  private static final Duration GOOD_FOR = Duration.ofHours(1);
  private static final int UNDELAYED = 2;
  private static final Duration DELAY_FIRST = Duration.ofMillis(100);
  private static final Duration DELAY_MAX = Duration.ofSeconds(2);

  private final int failuresMax;
  private final Duration block;
  private final InstantSource clock;
  private final Failures failures;
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
    this.failures = new Failures(ENTRIES_MAX, clock);
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
    if (!failures.none()) {
      forgive(network(address), Optional.of(principal));
    }
  }

  private void forgive(Optional<Address> network, Optional<String> key) {
    Duration rest = failures.remove(new Subject(network, key));
    if (rest.isPositive()) {
      failures.lower(new Subject(network, Optional.empty()), rest);
      failures.lower(new Subject(Optional.empty(), key), rest.dividedBy(NETWORKS_PER_KEY));
    }
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
    int here = keyId.map(key -> failures.add(pair, failuresMax)).orElse(0);
    if (!guess) {
      return outcome(here, pair);
    }
    Subject all = new Subject(network, Optional.empty());
    int ofNetwork = failures.add(all, failuresMax);
    if (ofNetwork >= failuresMax) {
      return outcome(ofNetwork, all);
    }
    boolean besieged =
        keyId.filter(key -> isBesieged(new Subject(Optional.empty(), keyId))).isPresent();
    return outcome(besieged ? failuresMax : ofNetwork, pair);
  }

  private boolean isBesieged(Subject key) {
    int max = failuresMax * NETWORKS_PER_KEY;
    return failures.add(key, max) >= max;
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
    good.cleanUp();
    return Math.max(blocked(), Math.max(failures.subjects(), good.estimatedSize()));
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

  /** A credential that worked from an address. */
  private record Good(String address, String principal) {}
}
