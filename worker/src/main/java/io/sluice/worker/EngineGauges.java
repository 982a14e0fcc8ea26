package io.sluice.worker;

import java.util.Map;

/**
 * What one model server of a worker is doing.
 *
 * @param engine what it is called
 * @param slots requests that it gets at the same time, for now
 * @param slotsMost what {@code slots} never exceeds
 * @param busy slots that are taken
 * @param lowered how often each trouble has lowered {@code slots}; empty where they never change
 */
public record EngineGauges(
    String engine, int slots, int slotsMost, int busy, Map<SlotTrouble, Long> lowered) {
  public EngineGauges {
    lowered = Map.copyOf(lowered);
  }
}
