package io.sluice.worker;

import java.time.Duration;
import java.util.Optional;

/**
 * How fast an engine reads prompts, how much of that a warm one really spares, and how long its
 * requests run: measured from what it answered. Safe from any thread.
 */
final class EnginePace {
  /** Fewer tokens say more about the way to the engine than about its reading. */
  private static final double TOKENS_LEAST = 256;

  private static final double KEPT = 0.8;

  // Guarded by this.
  private double coldTokens;
  private double coldNanos;
  private double spared = 1;
  private double runNanos;

  /**
   * A request was answered to its end.
   *
   * @param prompt its tokens
   * @param warm those of them that were thought to be in the cache
   * @param reading how long it took to read the rest
   * @param ran how long it had its slot
   */
  synchronized void answered(int prompt, int warm, Duration reading, Duration ran) {
    runNanos = runNanos == 0 ? ran.toNanos() : KEPT * runNanos + (1 - KEPT) * ran.toNanos();
    if (warm > 0) {
      learnSpared(prompt, warm, reading);
    } else if (prompt > 0) {
      coldTokens = KEPT * coldTokens + prompt;
      coldNanos = KEPT * coldNanos + reading.toNanos();
    }
  }

  /** Where nothing was spared the cache is smaller than thought, or the prompt began otherwise. */
  private void learnSpared(int prompt, int warm, Duration reading) {
    if (knowsReading()) {
      double saved = prompt * nanosPerToken() - reading.toNanos();
      double share = Math.clamp(saved / (warm * nanosPerToken()), 0, 1);
      spared = KEPT * spared + (1 - KEPT) * share;
    }
  }

  /** What it spares that so many tokens are in the cache; unknown before enough was read cold. */
  synchronized Optional<Duration> saved(int warm) {
    return knowsReading()
        ? Optional.of(Duration.ofNanos(Math.round(warm * nanosPerToken() * spared)))
        : Optional.empty();
  }

  /** How long a request has its slot, in the mean. */
  synchronized Optional<Duration> meanRun() {
    return runNanos == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(Math.round(runNanos)));
  }

  private boolean knowsReading() {
    return coldTokens >= TOKENS_LEAST;
  }

  private double nanosPerToken() {
    return coldNanos / coldTokens;
  }
}
