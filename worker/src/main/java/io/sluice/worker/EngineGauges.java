package io.sluice.worker;

import java.util.Map;
import java.util.Optional;

/**
 * What one model server of a worker is doing.
 *
 * @param engine what it is called
 * @param slots requests that it gets at the same time, for now
 * @param slotsMost what {@code slots} never exceeds
 * @param busy slots that are taken
 * @param lowered how often each trouble has lowered {@code slots}; empty where they never change
 * @param tokensPerSecond what was measured at the start, by the number of requests at a time; NaN
 *     for what was not, and empty where nothing is to be
 * @param tokens where these bound it too
 */
public record EngineGauges(
    String engine,
    int slots,
    int slotsMost,
    int busy,
    Map<SlotTrouble, Long> lowered,
    Map<Integer, Double> tokensPerSecond,
    Optional<Tokens> tokens) {
  /**
   * @param held by the requests together, each its prompt and its longest output
   * @param most what {@code held} may be; it exceeds that only while a smaller one is new
   */
  public record Tokens(long held, long most) {}

  public EngineGauges {
    lowered = Map.copyOf(lowered);
    tokensPerSecond = Map.copyOf(tokensPerSecond);
  }
}
