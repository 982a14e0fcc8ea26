package io.sluice.worker;

import java.util.Optional;

/**
 * A number of slots, whatever the requests are. The number may change while they run: what runs
 * beyond a smaller one goes on, and nothing new starts until enough of it ended.
 */
final class Slots implements Capacity {
  private final int most;

  // Guarded by this.
  private int total;
  private int busy;
  private Runnable room = () -> {};

  /**
   * @param most what it begins with, and is never more than
   */
  Slots(int most) {
    this.most = most;
    this.total = most;
  }

  @Override
  public synchronized Optional<Slot> take() {
    if (busy >= total) {
      return Optional.empty();
    }
    busy++;
    return Optional.of(new Held());
  }

  @Override
  public synchronized boolean hasRoom() {
    return busy < total;
  }

  @Override
  public synchronized int total() {
    return total;
  }

  @Override
  public int most() {
    return most;
  }

  @Override
  public synchronized int busy() {
    return busy;
  }

  @Override
  public synchronized void onRoom(Runnable room) {
    this.room = room;
  }

  /**
   * From now on there are so many.
   *
   * @throws IllegalArgumentException if that is not in 1..{@link #most}
   */
  void resize(int other) {
    if (other < 1 || other > most) {
      throw new IllegalArgumentException("slots: " + other + " is not in 1.." + most);
    }
    Runnable told;
    synchronized (this) {
      told = other > total ? room : () -> {};
      total = other;
    }
    told.run();
  }

  private Runnable free() {
    synchronized (this) {
      busy--;
      return room;
    }
  }

  private final class Held implements Slot {
    private boolean released; // guarded by this

    @Override
    public void release() {
      synchronized (this) {
        if (released) {
          return;
        }
        released = true;
      }
      free().run();
    }
  }
}
