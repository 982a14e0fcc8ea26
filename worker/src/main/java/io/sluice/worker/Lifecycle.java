package io.sluice.worker;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The life of a worker, which only goes forward. Everything that waits in it ends with it. */
final class Lifecycle {
  enum Phase {
    /** Pulls and runs. */
    OPEN,
    /** Starts nothing; what runs may finish. */
    DRAINING,
    /** Waits for nothing any more. */
    CLOSED
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private volatile Phase phase = Phase.OPEN;

  boolean isOpen() {
    return phase == Phase.OPEN;
  }

  boolean isClosed() {
    return phase == Phase.CLOSED;
  }

  void enter(Phase next) {
    lock.lock();
    try {
      if (next.compareTo(phase) > 0) {
        phase = next;
        moved.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for so long, or until the worker is no longer open; says whether it still is. */
  boolean restWhileOpen(Duration duration) {
    rest(duration, Phase.DRAINING);
    return isOpen();
  }

  /** Waits for so long, or until the worker is closed; says whether it is not. */
  boolean restUntilClosed(Duration duration) {
    rest(duration, Phase.CLOSED);
    return !isClosed();
  }

  private void rest(Duration duration, Phase end) {
    long left = duration.toNanos();
    lock.lock();
    try {
      while (left > 0 && phase.compareTo(end) < 0) {
        left = moved.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      throw Await.interrupted(e);
    } finally {
      lock.unlock();
    }
  }
}
