package io.sluice.gateway.upkeep;

import io.sluice.Backlog;
import io.sluice.Pool;
import io.sluice.Unavailable;
import io.sluice.gateway.limit.PressureReport;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the pressure of every pool up to date, also while nothing is submitted. */
public final class PressureWatch {
  private static final Logger LOG = LoggerFactory.getLogger(PressureWatch.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Backlog backlog;
  private final List<Pool> pools;
  private final PressureReport report;

  public PressureWatch(Backlog backlog, List<Pool> pools, PressureReport report) {
    this.backlog = backlog;
    this.pools = pools;
    this.report = report;
  }

  public Repeated repeated() {
    return new Repeated("pressure-watch", PAUSE, this::round);
  }

  void round() throws InterruptedException {
    try {
      for (Pool pool : pools) {
        report.set(pool, Answer.of(backlog.pressure(pool)));
      }
    } catch (Unavailable away) {
      LOG.debug("the pressure is not known: {}", away.getMessage());
    }
  }
}
