package io.sluice.worker;

import io.sluice.Pool;
import java.util.List;
import java.util.Set;

/**
 * What a worker is doing, for its metrics and its health.
 *
 * @param engines its model servers, one by one
 * @param parked messages that wait in hand without a slot
 * @param ready the pools whose model has answered a probe
 * @param leftFree slots that batch leaves free for interactive jobs
 */
public record Gauges(List<EngineGauges> engines, int parked, Set<Pool> ready, int leftFree) {
  /** Requests that its model servers get at the same time, for now. */
  public int slots() {
    return engines.stream().mapToInt(EngineGauges::slots).sum();
  }

  /** What {@link #slots} never exceeds. */
  public int slotsMost() {
    return engines.stream().mapToInt(EngineGauges::slotsMost).sum();
  }

  /** Slots that are taken, by a job or by a probe of the model server. */
  public int busy() {
    return engines.stream().mapToInt(EngineGauges::busy).sum();
  }

  /** Whether any pool is served. */
  public boolean engineReady() {
    return !ready.isEmpty();
  }
}
