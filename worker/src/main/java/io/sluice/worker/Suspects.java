package io.sluice.worker;

import io.sluice.JobId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The one place for a job that has lost a worker or an engine before. Two of them at a time would
 * not tell which one it was, and a bad one would take innocents with it. Remembers, for this worker
 * alone, under which jobs an engine was lost that another job had to answer for.
 */
final class Suspects {
  private static final long LOOK_UP_MS = 100;
  private static final int REMEMBERED_MOST = 1024;

  /** To have been there once is bad luck. */
  private static final int STRUCK_MOST = 1;

  private final Semaphore place = new Semaphore(1, true);

  // Guarded by itself.
  private final Map<JobId, Integer> struck =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, Integer> eldest) {
          return size() > REMEMBERED_MOST;
        }
      };

  /** An engine was lost under this job, and another one answered for it. */
  void struck(JobId id) {
    synchronized (struck) {
      struck.merge(id, 1, Integer::sum);
    }
  }

  /** Whether that happened more often than by bad luck. */
  boolean isStruckAgain(JobId id) {
    synchronized (struck) {
      return struck.getOrDefault(id, 0) > STRUCK_MOST;
    }
  }

  /** It has ended. */
  void forget(JobId id) {
    synchronized (struck) {
      struck.remove(id);
    }
  }

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
