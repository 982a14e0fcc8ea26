package io.sluice.gateway.limit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.Pool;
import io.sluice.gateway.trail.Trail;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * The pressure of each pool as a gauge, and in the audit log when it sets in and when it is over.
 * Safe from any thread.
 */
public final class PressureReport {
  private final Trail trail;
  private final Map<Pool, AtomicReference<Double>> pressures;

  public PressureReport(List<Pool> pools, MeterRegistry meters, Trail trail) {
    this.trail = trail;
    this.pressures =
        pools.stream()
            .distinct()
            .collect(Collectors.toUnmodifiableMap(pool -> pool, pool -> gauge(meters, pool)));
  }

  private static AtomicReference<Double> gauge(MeterRegistry meters, Pool pool) {
    AtomicReference<Double> pressure = new AtomicReference<>(0.0);
    Gauge.builder("sluice.admission.pressure", pressure, AtomicReference::get)
        .description("How hard tenants are held back: 0 not, 1 those over their share, 2 all")
        .tag("pool", pool.toString())
        .register(meters);
    return pressure;
  }

  /** What the store says of a pool now; of a pool that is not served here nothing is kept. */
  public void set(Pool pool, double now) {
    Optional.ofNullable(pressures.get(pool))
        .map(pressure -> pressure.getAndSet(now))
        .filter(before -> before > 0 != now > 0)
        .ifPresent(before -> tell(pool, now));
  }

  private void tell(Pool pool, double now) {
    trail.add(
        trail
            .event(Action.PRESSURE, Outcome.SUCCESS)
            .target(pool.toString())
            .detail("state", now > 0 ? "begins" : "ends")
            .detail("pressure", String.format(Locale.ROOT, "%.2f", now)));
  }
}
