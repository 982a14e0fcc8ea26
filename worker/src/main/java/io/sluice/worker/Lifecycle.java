package io.sluice.worker;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The life of a worker. Its phases only go forward, and everything that waits in it ends with it;
 * while it is open it may be paused, and take jobs again.
 */
final class Lifecycle {
  enum Phase {
    /** Pulls and runs, unless it is paused. */
    OPEN,
    /** Starts nothing; what runs may finish. */
    DRAINING,
    /** Waits for nothing any more. */
    CLOSED
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private volatile Phase phase = Phase.OPEN;
  private volatile boolean paused;

  /** Whether it takes jobs. */
  boolean isOpen() {
    return !isEnding() && !paused;
  }

  /** Whether it will never take jobs again. */
  boolean isEnding() {
    return phase != Phase.OPEN;
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

  /** Takes no jobs for now, or takes them again; whether that is anything new. */
  boolean pause(boolean pause) {
    lock.lock();
    try {
      boolean news = paused != pause && !isEnding();
      if (news) {
        paused = pause;
        moved.signalAll();
      }
      return news;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until jobs are taken; false where they never will be. */
  boolean awaitOpen() {
    lock.lock();
    try {
      while (!isOpen() && !isEnding()) {
        moved.await();
      }
      return isOpen();
    } catch (InterruptedException e) {
      throw Await.interrupted(e);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for so long, or until no jobs are taken; says whether they still are. */
  boolean restWhileOpen(Duration duration) {
    rest(duration, () -> !isOpen());
    return isOpen();
  }

  /** Waits for so long, paused or not, or until the worker ends; says whether it does not. */
  boolean restUntilEnding(Duration duration) {
    rest(duration, this::isEnding);
    return !isEnding();
  }

  /** Waits for so long, or until the worker is closed; says whether it is not. */
  boolean restUntilClosed(Duration duration) {
    rest(duration, this::isClosed);
    return !isClosed();
  }

  private void rest(Duration duration, BooleanSupplier over) {
    long left = duration.toNanos();
    lock.lock();
    try {
      while (left > 0 && !over.getAsBoolean()) {
        left = moved.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      throw Await.interrupted(e);
    } finally {
      lock.unlock();
    }
  }
}
