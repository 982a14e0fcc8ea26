package io.sluice.enginesim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * The key-value cache of a server with continuous batching: a request starts when its prompt and
 * its longest output have room. Those that wait do so in their order, without a byte.
 */
final class Cache {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Exchange> line = new ArrayDeque<>();
  private final int sequencesMax;
  private final long tokensMax;
  private final LongConsumer held;
  private int sequences;
  private long tokens;

  /**
   * @param held told how many tokens are held, when that changes
   */
  Cache(int sequencesMax, long tokensMax, LongConsumer held) {
    this.sequencesMax = sequencesMax;
    this.tokensMax = tokensMax;
    this.held = held;
  }

  long tokensMax() {
    return tokensMax;
  }

  void take(Exchange exchange, long asked) throws ClientLeft {
    exchange.onLeave(this::wake);
    lock.lock();
    try {
      line.add(exchange);
      while (!exchange.hasLeft() && !(line.peek() == exchange && fits(asked))) {
        changed.awaitUninterruptibly();
      }
      line.remove(exchange);
      changed.signalAll();
      if (exchange.hasLeft()) {
        throw new ClientLeft();
      }
      sequences++;
      tokens += asked;
      held.accept(tokens);
    } finally {
      lock.unlock();
    }
  }

  void giveBack(long taken) {
    lock.lock();
    try {
      sequences--;
      tokens -= taken;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean fits(long asked) {
    return sequences < sequencesMax && tokens + asked <= tokensMax;
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
