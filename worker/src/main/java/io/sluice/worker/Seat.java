package io.sluice.worker;

import io.sluice.Pool;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Where a run is: in a slot of an engine, or parked. Used by the thread of the run alone. */
final class Seat {
  private final Workplace place;
  private final Pool pool;
  private Engine engine;
  private Optional<Room> room;

  Seat(Workplace place, Pool pool, Room room) {
    this.place = place;
    this.pool = pool;
    this.engine = room.engine();
    this.room = Optional.of(room);
  }

  enum Parked {
    /**
     * The wait is over and the run has a slot again, perhaps at another engine; none where the
     * worker stops, or no engine has served its pool for a while.
     */
    READY,
    /** The wait was given up. */
    GAVE_UP,
    /** All places are taken; the run still has its slot. */
    NO_PLACE
  }

  boolean hasSlot() {
    return room.isPresent();
  }

  /** The engine of the slot that it has, or had last. */
  Engine engine() {
    return engine;
  }

  /**
   * Waits until the slot has room for so many tokens; gives up, with false, when {@code goOn} does.
   */
  boolean fit(long tokens, BooleanSupplier goOn) {
    return room.orElseThrow().slot().fit(tokens, goOn);
  }

  /** Leaves the slot to others for as long as {@code wait} takes. */
  Parked park(BooleanSupplier wait) {
    if (!place.parking().enter()) {
      return Parked.NO_PLACE;
    }
    try {
      leave();
      if (!wait.getAsBoolean()) {
        return Parked.GAVE_UP;
      }
      sit(place.engines().take(Set.of(pool), place.config().pace().parkAtMost()));
      return Parked.READY;
    } finally {
      place.parking().leave();
    }
  }

  /** Changes to a slot that is free now at another engine, if there is one. */
  boolean moveNow(Engine other) {
    Optional<Room> better = place.engines().takeNow(other);
    if (better.isPresent()) {
      leave();
      sit(better);
    }
    return better.isPresent();
  }

  /**
   * Leaves the slot to others, and waits for one at another engine for so long; then for one
   * anywhere. Without a place to wait in, with false, the run still has its slot.
   */
  boolean moveWithin(Engine other, Duration within) {
    if (!place.parking().enter()) {
      return false;
    }
    try {
      leave();
      sit(place.engines().takeRather(other, pool, within, place.config().pace().parkAtMost()));
      return true;
    } finally {
      place.parking().leave();
    }
  }

  private void sit(Optional<Room> next) {
    room = next;
    engine = next.map(Room::engine).orElse(engine);
  }

  void leave() {
    room.ifPresent(Room::release);
    room = Optional.empty();
  }
}
