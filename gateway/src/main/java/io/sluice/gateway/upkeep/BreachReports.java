package io.sluice.gateway.upkeep;

import io.sluice.gateway.limit.BreachTrail;
import java.time.Duration;

/** Writes down the breaches of limits that were kept back to be told together. */
public final class BreachReports {
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final BreachTrail trail;

  public BreachReports(BreachTrail trail) {
    this.trail = trail;
  }

  public Repeated repeated() {
    return new Repeated("breach-reports", PAUSE, trail::tell);
  }
}
