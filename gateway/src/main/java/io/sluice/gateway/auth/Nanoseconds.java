package io.sluice.gateway.auth;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Instant;
import java.time.InstantSource;

/** A clock as caches read it. */
final class Nanoseconds {
  private static final long PER_SECOND = 1_000_000_000;

  private Nanoseconds() {}

  static Ticker of(InstantSource clock) {
    return () -> {
      Instant now = clock.instant();
      return now.getEpochSecond() * PER_SECOND + now.getNano();
    };
  }
}
