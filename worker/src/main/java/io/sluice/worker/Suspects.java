package io.sluice.worker;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The one place for a job that has lost a worker or an engine before. Two of them at a time would
 * not tell which one it was, and a bad one would take innocents with it.
 */
final class Suspects {
  private static final long LOOK_UP_MS = 100;

  private final Semaphore place = new Semaphore(1, true);

  boolean tryEnter() {
    return place.tryAcquire();
  }

  /** Waits for the place; gives up, with false, when {@code goOn} does. */
  boolean enter(BooleanSupplier goOn) {
    try {
      while (goOn.getAsBoolean()) {
        if (place.tryAcquire(LOOK_UP_MS, TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
      return false;
    } catch (InterruptedException e) {
      throw Await.interrupted(e);
    }
  }

  void leave() {
    place.release();
  }
}
