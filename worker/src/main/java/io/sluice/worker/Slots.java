package io.sluice.worker;

import java.util.Optional;

/** A number of slots, whatever the requests are. */
final class Slots implements Capacity {
  // Guarded by this.
  private final int total;
  private int busy;
  private Runnable room = () -> {};

  Slots(int total) {
    this.total = total;
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
  public synchronized int busy() {
    return busy;
  }

  @Override
  public synchronized void onRoom(Runnable room) {
    this.room = room;
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
