package io.sluice.gateway.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * How often tokens are made for one API key: {@link #PER_MINUTE}, all at once or one by one, as
 * from a leaky bucket. In this process only: many gateways multiply the bound. Its table is
 * bounded. Safe from any thread.
 */
final class IssueRate {
  static final int PER_MINUTE = 60;
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration EACH = WINDOW.dividedBy(PER_MINUTE);
  private static final int KEYS_MAX = 100_000;

  private final InstantSource clock;
  private final Cache<String, Bucket> buckets =
      Caffeine.newBuilder().maximumSize(KEYS_MAX).executor(Runnable::run).build();

  IssueRate(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Counts one request for a token.
   *
   * @throws OAuthError if there were too many, with the time until there is room again
   */
  void count(String keyId) {
    Instant now = clock.instant();
    Bucket bucket =
        buckets.asMap().merge(keyId, Bucket.EMPTY.with(now), (known, first) -> known.with(now));
    if (!bucket.taken()) {
      throw OAuthError.tooOften(Duration.between(now.plus(WINDOW), bucket.empty().plus(EACH)));
    }
  }

  /**
   * @param empty by when all that was counted has run off
   * @param taken whether the last request had room
   */
  private record Bucket(Instant empty, boolean taken) {
    private static final Bucket EMPTY = new Bucket(Instant.EPOCH, true);

    Bucket with(Instant now) {
      Instant next = (empty.isAfter(now) ? empty : now).plus(EACH);
      return next.isAfter(now.plus(WINDOW)) ? new Bucket(empty, false) : new Bucket(next, true);
    }
  }
}
