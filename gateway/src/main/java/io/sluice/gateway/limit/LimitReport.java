package io.sluice.gateway.limit;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.Admission.Level;
import io.sluice.Admission.Verdict;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.Limit;
import io.sluice.gateway.trail.RepeatedEvents;
import io.sluice.gateway.trail.Trail;
import java.util.concurrent.atomic.AtomicReference;

/** Counts what limits did, and writes every breach to the trail. */
public final class LimitReport {
  private final MeterRegistry meters;
  private final Trail trail;
  private final RepeatedEvents repeated;
  private final AtomicReference<Double> pressure = new AtomicReference<>(0.0);

  public LimitReport(MeterRegistry meters, Trail trail, RepeatedEvents repeated) {
    this.meters = meters;
    this.trail = trail;
    this.repeated = repeated;
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
    repeated.add(
        new Breach(tenant, level.limit(), outcome),
        trail
            .event(Action.LIMIT, outcome)
            .tenant(tenant)
            .target(level.limit().wireName())
            .detail("bound", String.valueOf(level.bound())));
  }

  private record Breach(String tenant, Limit limit, Outcome outcome) {}
}
