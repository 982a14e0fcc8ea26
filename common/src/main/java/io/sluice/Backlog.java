package io.sluice;

import io.vertx.core.Future;
import java.time.Duration;

/**
 * What waits in a pool and how fast it goes on, counted by the same steps that admit, start and end
 * jobs, so that all gateways see the same. What is said of the future follows from it in {@code
 * io.sluice.forecast}.
 *
 * <p>The counters do not survive a loss of the store: they begin anew, and what waited before is
 * not in them.
 */
public interface Backlog {
  /** What every 90 % forecast has on top, for the way to a worker. */
  Duration FLOOR = Duration.ofMillis(500);

  /** The counters of a pool. Costs as much as the pool has lanes, whatever waits in them. */
  Future<Lines> look(Pool pool);

  /**
   * How hard the tenants of a pool are held back now, as {@link Admission.Standing#pressure}.
   * Asking also brings it up to date, so somebody asks every second or so while nothing is
   * submitted.
   */
  Future<Double> pressure(Pool pool);
}
