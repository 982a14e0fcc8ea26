package io.sluice.gateway.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sluice.ApiKey.LastUse;
import io.sluice.Directory;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When and from where API keys last worked, noted at most once a minute each and written in
 * batches. What there is no room for is noted at a later use. Safe from any thread.
 */
public final class LastUses {
  private static final Duration APART = Duration.ofMinutes(1);
  private static final int KEYS_MAX = 100_000;
  private static final int UNWRITTEN_MAX = 10_000;

  private final Directory directory;
  private final InstantSource clock;
  private final Map<String, LastUse> unwritten = new ConcurrentHashMap<>();
  private final Cache<String, Boolean> noted;

  public LastUses(Directory directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
    this.noted =
        Caffeine.newBuilder()
            .expireAfterWrite(APART)
            .maximumSize(KEYS_MAX)
            .ticker(Nanoseconds.of(clock))
            .executor(Runnable::run)
            .build();
  }

  /** A key, or a token made from it, was good for a request. */
  void note(String keyId, String address) {
    if (noted.getIfPresent(keyId) == null && unwritten.size() < UNWRITTEN_MAX) {
      noted.put(keyId, true);
      unwritten.put(keyId, new LastUse(clock.instant(), address));
    }
  }

  /** Writes what was noted; what cannot be written now is kept for the next time. */
  public Future<Void> flush() {
    Map<String, LastUse> batch = new HashMap<>(unwritten);
    if (batch.isEmpty()) {
      return Future.succeededFuture();
    }
    return directory.used(batch).onSuccess(written -> batch.forEach(unwritten::remove));
  }
}
