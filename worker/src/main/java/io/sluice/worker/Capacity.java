package io.sluice.worker;

import java.util.Optional;

/**
 * How many requests a model server gets at the same time. Never blocks; safe from any thread. Who
 * waits for room waits in {@link Engines}.
 */
interface Capacity {
  /** The right to send one request now; nothing where there is no room. */
  Optional<Slot> take();

  /** Requests at the same time at most. It may change. */
  int total();

  /** Rights that are given out. */
  int busy();

  /**
   * Calls {@code room} whenever there may be more room than before; it must not block. One only.
   */
  void onRoom(Runnable room);

  /** The right to have one request at the model server. */
  interface Slot {
    /** Gives it back; the second time changes nothing. */
    void release();
  }
}
