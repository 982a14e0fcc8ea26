package io.sluice.gateway.upkeep;

import io.sluice.Pool;
import io.sluice.gateway.waiting.BacklogGauges;
import io.sluice.gateway.waiting.Outlooks;
import java.time.Duration;
import java.util.List;

/** Keeps the gauges of what waits up to date. */
public final class BacklogWatch {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Outlooks outlooks;
  private final List<Pool> pools;
  private final BacklogGauges gauges;

  public BacklogWatch(Outlooks outlooks, List<Pool> pools, BacklogGauges gauges) {
    this.outlooks = outlooks;
    this.pools = pools;
    this.gauges = gauges;
  }

  public Repeated repeated() {
    return new Repeated("backlog-watch", PAUSE, this::round);
  }

  void round() throws InterruptedException {
    for (Pool pool : pools) {
      gauges.set(pool, Answer.of(outlooks.lines(pool)));
    }
  }
}
