package io.sluice.gateway.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers of a store that count for half a second, from the question on: however slow the store is,
 * nobody goes by what it knew longer ago. Bounded. Safe from any thread.
 */
public final class Remembered<K, V> {
  static final Duration LIFE = Duration.ofMillis(500);
  private static final int ENTRIES_MAX = 10_000;

  private final Ticker ticker;
  private final Cache<K, Answer<V>> answers;

  public Remembered() {
    this(Ticker.systemTicker());
  }

  Remembered(Ticker ticker) {
    this.ticker = ticker;
    this.answers =
        Caffeine.newBuilder()
            .maximumSize(ENTRIES_MAX)
            .expireAfterWrite(LIFE)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  /** What is known of it, or else what the store says now; fails as the question does. */
  public Future<V> get(K key, Supplier<Future<V>> question) {
    long now = ticker.read();
    return Optional.ofNullable(answers.getIfPresent(key))
        .filter(answer -> now - answer.askedAt() < LIFE.toNanos())
        .map(answer -> Future.succeededFuture(answer.value()))
        .orElseGet(
            () -> question.get().onSuccess(value -> answers.put(key, new Answer<>(value, now))));
  }

  private record Answer<V>(V value, long askedAt) {}
}
