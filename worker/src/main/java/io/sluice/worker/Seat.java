package io.sluice.worker;

import io.sluice.worker.Slots.Slot;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Where a run is: in a slot, or parked. Used by the thread of the run alone. */
final class Seat {
  private final Slots slots;
  private final Parking parking;
  private Optional<Slot> slot;

  Seat(Slots slots, Parking parking, Slot slot) {
    this.slots = slots;
    this.parking = parking;
    this.slot = Optional.of(slot);
  }

  enum Parked {
    /** The wait is over and the run has a slot again, unless the worker stops. */
    READY,
    /** The wait was given up. */
    GAVE_UP,
    /** All places are taken; the run still has its slot. */
    NO_PLACE
  }

  boolean hasSlot() {
    return slot.isPresent();
  }

  /** Leaves the slot to others for as long as {@code wait} takes. */
  Parked park(BooleanSupplier wait) {
    if (!parking.enter()) {
      return Parked.NO_PLACE;
    }
    try {
      leave();
      if (!wait.getAsBoolean()) {
        return Parked.GAVE_UP;
      }
      slot = slots.take();
      return Parked.READY;
    } finally {
      parking.leave();
    }
  }

  void leave() {
    slot.ifPresent(Slot::release);
    slot = Optional.empty();
  }
}
