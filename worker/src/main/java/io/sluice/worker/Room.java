package io.sluice.worker;

import io.sluice.Pool;
import java.util.Set;
import java.util.stream.Collectors;

/** A slot at an engine. */
record Room(Engine engine, Capacity.Slot slot) {
  /** Those of these pools that the engine serves now. */
  Set<Pool> serves(Set<Pool> pools) {
    return engine.open().stream().filter(pools::contains).collect(Collectors.toUnmodifiableSet());
  }

  /** Gives the slot back; the second time changes nothing. */
  void release() {
    slot.release();
  }
}
