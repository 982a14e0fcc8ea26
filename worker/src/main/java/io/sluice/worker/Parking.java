package io.sluice.worker;

import java.util.function.IntSupplier;

/**
 * The places for messages that wait in hand, unacknowledged and without a slot. Where there are
 * fewer than before, nobody has to leave; nobody enters until there is one again.
 */
final class Parking {
  private final IntSupplier places;
  private int parked; // guarded by this

  Parking(IntSupplier places) {
    this.places = places;
  }

  /** Takes a place if there is one. */
  synchronized boolean enter() {
    boolean free = parked < places.getAsInt();
    parked += free ? 1 : 0;
    return free;
  }

  synchronized void leave() {
    parked--;
  }

  synchronized int parked() {
    return parked;
  }
}
