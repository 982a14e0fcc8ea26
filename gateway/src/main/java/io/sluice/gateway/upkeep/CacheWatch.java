package io.sluice.gateway.upkeep;

import io.sluice.AnswerCache;
import io.sluice.Unavailable;
import io.sluice.gateway.cache.CacheGauges;
import java.time.Duration;
import java.util.Optional;

/** Keeps the gauges of kept answers up to date. */
public final class CacheWatch {
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final AnswerCache answers;
  private final CacheGauges gauges;

  public CacheWatch(AnswerCache answers, CacheGauges gauges) {
    this.answers = answers;
    this.gauges = gauges;
  }

  public Repeated repeated() {
    return new Repeated("cache-watch", PAUSE, this::round);
  }

  void round() throws InterruptedException {
    try {
      gauges.set(Optional.of(Answer.of(answers.size())));
    } catch (Unavailable e) {
      gauges.set(Optional.empty());
      throw e;
    }
  }
}
