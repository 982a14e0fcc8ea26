package io.sluice.worker;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The requests that the model server may have at the same time; first come, first served. */
final class Slots {
  private static final int ENOUGH_FOR_ALL_WHO_WAIT = 1 << 20;

  private final int total;
  private final Semaphore free;
  private final AtomicInteger busy = new AtomicInteger();
  private volatile boolean shut;

  Slots(int total) {
    this.total = total;
    this.free = new Semaphore(total, true);
  }

  /** Waits for a slot; nothing once they are shut. */
  Optional<Slot> take() {
    free.acquireUninterruptibly();
    if (shut) {
      free.release();
      return Optional.empty();
    }
    busy.incrementAndGet();
    return Optional.of(new Slot());
  }

  /** Nobody gets a slot any more, and nobody waits for one. */
  void shut() {
    shut = true;
    free.release(ENOUGH_FOR_ALL_WHO_WAIT);
  }

  int total() {
    return total;
  }

  int busy() {
    return busy.get();
  }

  /** The right to have one request at the model server. */
  final class Slot {
    private final AtomicBoolean released = new AtomicBoolean();

    private Slot() {}

    /** Gives it back; the second time changes nothing. */
    void release() {
      if (released.compareAndSet(false, true)) {
        busy.decrementAndGet();
        free.release();
      }
    }
  }
}
