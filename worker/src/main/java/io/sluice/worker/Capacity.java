package io.sluice.worker;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * How many requests a model server gets at the same time. Never blocks but in {@link Slot#fit};
 * safe from any thread. Who waits for room waits in {@link Engines}.
 */
interface Capacity {
  /** The right to send one request now; nothing where there is no room. */
  Optional<Slot> take();

  /** Whether there is room for one more. */
  boolean hasRoom();

  /** Requests at the same time at most, for now. It may change. */
  int total();

  /** What {@link #total} never exceeds. */
  int most();

  /** Rights that are given out; above {@link #total} only while a smaller one is new. */
  int busy();

  /**
   * Calls {@code room} whenever there may be more room than before; it must not block. One only.
   */
  void onRoom(Runnable room);

  /** The right to have one request at the model server. */
  interface Slot {
    /**
     * Says what the request needs, once it is known, and waits until it fits. Always at once where
     * requests are counted and not measured.
     *
     * @param tokens of its prompt and its longest output
     * @param goOn asked again and again whether to go on waiting
     * @return whether it fits; if not, the slot is only good for being released
     */
    default boolean fit(long tokens, BooleanSupplier goOn) {
      return true;
    }

    /** Gives it back; the second time changes nothing. */
    void release();
  }
}
