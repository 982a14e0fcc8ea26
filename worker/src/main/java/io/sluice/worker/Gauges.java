package io.sluice.worker;

import io.sluice.Pool;
import java.util.Set;

/**
 * What a worker is doing, for its metrics and its health.
 *
 * @param slots requests that its model servers get at the same time, for now
 * @param slotsMost what {@code slots} never exceeds
 * @param busy slots that are taken, by a job or by a probe of the model server
 * @param parked messages that wait in hand without a slot
 * @param ready the pools whose model has answered a probe
 */
public record Gauges(int slots, int slotsMost, int busy, int parked, Set<Pool> ready) {
  /** Whether any pool is served. */
  public boolean engineReady() {
    return !ready.isEmpty();
  }
}
