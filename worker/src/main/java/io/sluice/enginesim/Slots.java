package io.sluice.enginesim;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The slots of a loaded model. A request waits for one without bound and without a byte, as in
 * Ollama.
 */
final class Slots {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int free;

  Slots(int count) {
    free = count;
  }

  void take(Exchange exchange) throws ClientLeft {
    exchange.onLeave(this::wake);
    lock.lock();
    try {
      while (free == 0 && !exchange.hasLeft()) {
        changed.awaitUninterruptibly();
      }
      if (exchange.hasLeft()) {
        changed.signal();
        throw new ClientLeft();
      }
      free--;
    } finally {
      lock.unlock();
    }
  }

  void giveBack() {
    lock.lock();
    try {
      free++;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
