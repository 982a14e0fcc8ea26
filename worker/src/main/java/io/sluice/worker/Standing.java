package io.sluice.worker;

import io.sluice.Leases;

/** How much a job is suspected of bringing engines and workers down: a closed list. */
enum Standing {
  PLAIN,
  /** Something was lost under it before. */
  SUSPECT,
  /**
   * One more loss makes it poison, so it has its pool at the engine to itself: no one else did it.
   */
  LAST_CHANCE;

  /**
   * @param losses that it answered for
   * @param struckAgain whether it was there more than once when an engine was lost
   */
  static Standing of(int losses, boolean struckAgain) {
    if (losses >= Leases.MAX_LOSSES - 1) {
      return LAST_CHANCE;
    }
    return losses > 0 || struckAgain ? SUSPECT : PLAIN;
  }

  boolean isSuspect() {
    return this != PLAIN;
  }
}
