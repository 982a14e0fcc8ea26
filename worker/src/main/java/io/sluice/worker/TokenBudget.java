package io.sluice.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A number of tokens that the requests hold together, as in the key-value cache of a server with
 * continuous batching: each one its prompt and its longest output, so that the server never has to
 * take a running one's place away. Before a job is pulled nobody knows what it needs; a slot is
 * given for it while a typical one fits. One that turns out larger waits in a line, before which no
 * slot is given, so that small ones cannot overtake it for ever.
 */
final class TokenBudget implements Capacity {
  private static final double KEPT = 0.9;
  private static final long LOOK_UP_MS = 100;

  private final int sequences;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final Deque<Held> line = new ArrayDeque<>();
  private long tokens;
  private double typical;
  private boolean knowsTypical;
  private long held;
  private int busy;
  private Runnable room = () -> {};

  /**
   * @param sequences requests at the same time at most, however small
   * @param tokens what all of them hold at most
   */
  TokenBudget(int sequences, long tokens) {
    this.sequences = sequences;
    this.tokens = tokens;
    this.typical = (double) tokens / sequences;
  }

  @Override
  public Optional<Slot> take() {
    lock.lock();
    try {
      if (!roomForTypical()) {
        return Optional.empty();
      }
      Held slot = new Held(typicalTokens());
      busy++;
      held += slot.mine;
      return Optional.of(slot);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean hasRoom() {
    lock.lock();
    try {
      return roomForTypical();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int total() {
    return sequences;
  }

  @Override
  public int most() {
    return sequences;
  }

  @Override
  public int busy() {
    lock.lock();
    try {
      return busy;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onRoom(Runnable room) {
    lock.lock();
    try {
      this.room = room;
    } finally {
      lock.unlock();
    }
  }

  /** The server says that it holds more or fewer; what runs goes on. */
  void resize(long other) {
    lock.lock();
    try {
      tokens = other;
      typical = knowsTypical ? typical : (double) tokens / sequences;
    } finally {
      lock.unlock();
    }
    changed();
  }

  long tokens() {
    lock.lock();
    try {
      return tokens;
    } finally {
      lock.unlock();
    }
  }

  /** Tokens that are given out; above {@link #tokens} only while a smaller budget is new. */
  long held() {
    lock.lock();
    try {
      return held;
    } finally {
      lock.unlock();
    }
  }

  private boolean roomForTypical() {
    return busy < sequences && line.isEmpty() && held + typicalTokens() <= tokens;
  }

  private long typicalTokens() {
    return Math.min(tokens, Math.max(1, Math.round(typical)));
  }

  /** Wakes the line, and whoever waits for a slot. */
  private void changed() {
    Runnable told;
    lock.lock();
    try {
      changed.signalAll();
      told = room;
    } finally {
      lock.unlock();
    }
    told.run();
  }

  private final class Held implements Slot {
    // Guarded by the lock.
    private long mine;
    private boolean known;
    private boolean released;

    private Held(long mine) {
      this.mine = mine;
    }

    /** One that needs more than there is in all runs alone. */
    @Override
    public boolean fit(long asked, BooleanSupplier goOn) {
      boolean fits = waited(asked, goOn);
      changed();
      return fits;
    }

    private boolean waited(long asked, BooleanSupplier goOn) {
      lock.lock();
      try {
        learn(asked);
        while (!placed(asked)) {
          if (released || !goOn.getAsBoolean()) {
            line.remove(this);
            return false;
          }
          changed.await(LOOK_UP_MS, TimeUnit.MILLISECONDS);
        }
        return true;
      } catch (InterruptedException e) {
        throw Await.interrupted(e);
      } finally {
        lock.unlock();
      }
    }

    private void learn(long asked) {
      if (!known) {
        known = true;
        typical = knowsTypical ? KEPT * typical + (1 - KEPT) * asked : asked;
        knowsTypical = true;
      }
    }

    /** Whether it has what it asked for; else it is in the line, and holds nothing meanwhile. */
    private boolean placed(long asked) {
      boolean first = line.isEmpty() || line.peekFirst() == this;
      long want = Math.min(asked, tokens);
      if (!released && first && held - mine + want <= tokens) {
        line.remove(this);
        held += want - mine;
        mine = want;
        return true;
      }
      if (!released && !line.contains(this)) {
        line.add(this);
        held -= mine;
        mine = 0;
      }
      return false;
    }

    @Override
    public void release() {
      lock.lock();
      try {
        if (released) {
          return;
        }
        released = true;
        line.remove(this);
        busy--;
        held -= mine;
      } finally {
        lock.unlock();
      }
      changed();
    }
  }
}
