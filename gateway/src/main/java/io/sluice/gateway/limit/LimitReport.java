package io.sluice.gateway.limit;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.Admission.Level;
import io.sluice.Admission.Verdict;
import io.sluice.AuditEvent.Outcome;
import java.util.concurrent.atomic.AtomicReference;

/** Counts what limits did, and writes every breach to the trail. */
public final class LimitReport {
  private final MeterRegistry meters;
  private final BreachTrail trail;
  private final AtomicReference<Double> pressure = new AtomicReference<>(0.0);

  public LimitReport(MeterRegistry meters, BreachTrail trail) {
    this.meters = meters;
    this.trail = trail;
    meters.gauge("sluice.admission.pressure", pressure, AtomicReference::get);
  }

  /** Reports a decision, admitted or refused. */
  public void add(String tenant, Ruling ruling) {
    pressure.set(ruling.standing().pressure());
    for (Level level : ruling.standing().levels()) {
      if (level.verdict() == Verdict.EXCEEDED) {
        breach("sluice.limit.refused", tenant, level, Outcome.REFUSED);
      } else if (level.verdict() == Verdict.SHADOWED) {
        breach("sluice.limit.shadowed", tenant, level, Outcome.SHADOWED);
      }
    }
  }

  private void breach(String counter, String tenant, Level level, Outcome outcome) {
    meters.counter(counter, "limit", level.limit().wireName()).increment();
    trail.add(tenant, level, outcome);
  }
}
