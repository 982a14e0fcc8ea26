package io.sluice.gateway.limit;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.Admission.Level;
import io.sluice.Admission.Verdict;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.Job;
import io.sluice.Limit;
import io.sluice.gateway.trail.RepeatedEvents;
import io.sluice.gateway.trail.Trail;

/** Counts what limits did, and writes every breach to the trail. */
public final class LimitReport {
  private final MeterRegistry meters;
  private final Trail trail;
  private final RepeatedEvents repeated;
  private final PressureReport pressure;

  public LimitReport(
      MeterRegistry meters, Trail trail, RepeatedEvents repeated, PressureReport pressure) {
    this.meters = meters;
    this.trail = trail;
    this.repeated = repeated;
    this.pressure = pressure;
  }

  /**
   * Reports a decision, admitted or refused.
   *
   * @param address from where it was asked for
   */
  public void add(Job job, String address, Ruling ruling) {
    pressure.set(job.pool(), ruling.standing().pressure());
    for (Level level : ruling.standing().levels()) {
      if (level.verdict() == Verdict.EXCEEDED) {
        breach("sluice.limit.refused", job, address, level);
        if (ruling.standing().pressure() > 0) {
          count("sluice.limit.refused.under.pressure", level);
        }
      } else if (level.verdict() == Verdict.SHADOWED) {
        breach("sluice.limit.shadowed", job, address, level);
      }
    }
  }

  private void breach(String counter, Job job, String address, Level level) {
    count(counter, level);
    Outcome outcome = level.verdict() == Verdict.SHADOWED ? Outcome.SHADOWED : Outcome.REFUSED;
    repeated.add(
        new Breach(job.tenant(), level.limit(), outcome),
        trail
            .event(Action.LIMIT, outcome)
            .tenant(job.tenant())
            .principal(job.principal())
            .address(address)
            .target(level.limit().wireName())
            .detail("bound", String.valueOf(level.bound())));
  }

  private void count(String counter, Level level) {
    meters.counter(counter, "limit", level.limit().wireName()).increment();
  }

  private record Breach(String tenant, Limit limit, Outcome outcome) {}
}
