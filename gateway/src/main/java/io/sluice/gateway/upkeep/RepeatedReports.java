package io.sluice.gateway.upkeep;

import io.sluice.gateway.trail.RepeatedEvents;
import java.time.Duration;
import java.util.List;

/** Writes down the events that were kept back to be told together. */
public final class RepeatedReports {
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final List<RepeatedEvents> kept;

  public RepeatedReports(List<RepeatedEvents> kept) {
    this.kept = List.copyOf(kept);
  }

  public Repeated repeated() {
    return new Repeated("repeated-events", PAUSE, () -> kept.forEach(RepeatedEvents::tell));
  }
}
