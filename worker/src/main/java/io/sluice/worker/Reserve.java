package io.sluice.worker;

/**
 * How many slots of a worker batch leaves free for interactive jobs that may come: one, and as many
 * more as it takes that at most one in {@link #FULL_EVERY} of them finds all slots taken, some by
 * batch. Learned from those that came; forgotten by half within {@link #HALF_LIFE_MS}. Batch keeps
 * {@link #BATCH_LEAST} of the slots, which is its share with some to spare: what it gets of idle
 * slots it need not get where interactive jobs wait. Not thread-safe.
 */
public final class Reserve {
  private static final double FULL_EVERY = 200;
  private static final double BATCH_LEAST = 0.15;
  private static final long HALF_LIFE_MS = 30L * 60 * 1000;

  /** Of the mean of what batch held, for each interactive job that comes. */
  private static final double KEPT = 0.98;

  /** What is given back with each that comes, while batch holds too little. */
  private static final double GIVEN_BACK = 0.1;

  private double free = 1;
  private double batchHeld = 1;
  private long atMs;

  /**
   * Slots to leave free.
   *
   * @param total slots of the worker; of one slot none is left free
   */
  public int slots(int total, long nowMs) {
    age(nowMs);
    return (int) Math.min(Math.round(free), total - 1);
  }

  /**
   * An interactive job came to a slot.
   *
   * @param foundFull whether it had to wait until one was free
   * @param batch slots that batch holds meanwhile
   * @param total slots of the worker
   */
  public void came(boolean foundFull, int batch, int total, long nowMs) {
    age(nowMs);
    batchHeld = KEPT * batchHeld + (1 - KEPT) * batch / total;
    double step = foundFull && batch > 0 ? 1 - 1 / FULL_EVERY : -1 / FULL_EVERY;
    free += batchHeld < BATCH_LEAST ? -GIVEN_BACK : step;
    free = Math.max(1, Math.min(free, total - 1));
  }

  private void age(long nowMs) {
    if (nowMs > atMs) {
      free = 1 + (free - 1) * Math.pow(0.5, (double) (nowMs - atMs) / HALF_LIFE_MS);
      atMs = nowMs;
    }
  }
}
