package io.sluice.worker;

import java.util.concurrent.Semaphore;

/** The places for messages that wait in hand, unacknowledged and without a slot. */
final class Parking {
  private final int places;
  private final Semaphore free;

  Parking(int places) {
    this.places = places;
    this.free = new Semaphore(places);
  }

  /** Takes a place if there is one. */
  boolean enter() {
    return free.tryAcquire();
  }

  void leave() {
    free.release();
  }

  int parked() {
    return places - free.availablePermits();
  }
}
