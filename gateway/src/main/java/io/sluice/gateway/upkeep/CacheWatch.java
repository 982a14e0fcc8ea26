package io.sluice.gateway.upkeep;

import io.sluice.AnswerCache;
import io.sluice.Fleet;
import io.sluice.Unavailable;
import io.sluice.gateway.cache.CacheGauges;
import io.sluice.gateway.cache.ModelIdentity;
import java.time.Duration;
import java.util.Optional;

/** Keeps what is known of the models, and the gauges of kept answers, up to date. */
public final class CacheWatch {
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final Fleet fleet;
  private final ModelIdentity models;
  private final AnswerCache answers;
  private final CacheGauges gauges;

  public CacheWatch(Fleet fleet, ModelIdentity models, AnswerCache answers, CacheGauges gauges) {
    this.fleet = fleet;
    this.models = models;
    this.answers = answers;
    this.gauges = gauges;
  }

  public Repeated repeated() {
    return new Repeated("cache-watch", PAUSE, this::round);
  }

  void round() throws InterruptedException {
    try {
      models.learn(Answer.of(fleet.all()));
      gauges.set(Optional.of(Answer.of(answers.size())));
    } catch (Unavailable e) {
      gauges.set(Optional.empty());
      throw e;
    }
  }
}
