package io.sluice.gateway.cache;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.AnswerCache;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;

/** How much is kept, as the store said last; not a number while it does not say. */
public final class CacheGauges {
  private final AtomicReference<Optional<AnswerCache.Size>> known =
      new AtomicReference<>(Optional.empty());

  public CacheGauges(MeterRegistry meters) {
    gauge(meters, "sluice.cache.answers", "Answers that are kept", AnswerCache.Size::entries);
    gauge(meters, "sluice.cache.bytes", "What they take", AnswerCache.Size::bytes);
  }

  private void gauge(
      MeterRegistry meters, String name, String text, ToDoubleFunction<AnswerCache.Size> of) {
    Gauge.builder(name, known, it -> it.get().map(of::applyAsDouble).orElse(Double.NaN))
        .description(text)
        .register(meters);
  }

  public void set(Optional<AnswerCache.Size> now) {
    known.set(now);
  }
}
