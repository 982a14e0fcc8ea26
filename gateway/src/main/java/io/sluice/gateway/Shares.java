package io.sluice.gateway;

import java.util.HashMap;
import java.util.Map;

/** So much of something, of which no holder has more than its share. Safe from any thread. */
public final class Shares {
  private final long max;
  private final long perHolderMax;
  private final Map<String, Long> perHolder = new HashMap<>();
  private long taken;

  public Shares(long max, long perHolderMax) {
    this.max = max;
    this.perHolderMax = perHolderMax;
  }

  /** What came of asking for more. */
  public enum Answer {
    TAKEN,
    HOLDER_FULL,
    FULL
  }

  public synchronized Answer take(String holder, long amount) {
    long own = perHolder.getOrDefault(holder, 0L) + amount;
    if (own > perHolderMax) {
      return Answer.HOLDER_FULL;
    }
    if (taken + amount > max) {
      return Answer.FULL;
    }
    perHolder.put(holder, own);
    taken += amount;
    return Answer.TAKEN;
  }

  public synchronized void giveBack(String holder, long amount) {
    taken -= amount;
    perHolder.computeIfPresent(holder, (same, own) -> own == amount ? null : own - amount);
  }

  public synchronized long taken() {
    return taken;
  }
}
