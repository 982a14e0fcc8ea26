package io.sluice.gateway.waiting;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.JobClass;
import io.sluice.Lines;
import io.sluice.Lines.Pace;
import io.sluice.Lines.Queue;
import io.sluice.Pool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What waits in each pool, and its pace, as gauges: NaN while that is not known. Safe from any
 * thread.
 */
public final class BacklogGauges {
  private final Map<Pool, AtomicReference<Optional<Lines>>> known;

  public BacklogGauges(MeterRegistry meters, List<Pool> pools) {
    this.known =
        pools.stream()
            .distinct()
            .collect(
                Collectors.toUnmodifiableMap(
                    pool -> pool, pool -> new AtomicReference<>(Optional.empty())));
    known.forEach((pool, lines) -> new Of(meters, pool, lines).register());
  }

  /** What the store says of a pool now, or that it does not. */
  public void set(Pool pool, Optional<Lines> now) {
    known.get(pool).set(now.filter(lines -> !lines.classes().isEmpty()));
  }

  /** The gauges of one pool. */
  private record Of(MeterRegistry meters, Pool pool, AtomicReference<Optional<Lines>> known) {
    void register() {
      for (JobClass jobClass : JobClass.values()) {
        gauge(
            "sluice.waiting.jobs",
            "Jobs that wait for their first attempt",
            lines -> sum(lines, jobClass, queue -> queue.waiting().jobs()),
            "class",
            jobClass.wireName());
        gauge(
            "sluice.waiting.tokens",
            "What they will probably cost: a prompt's token is one, an output's two",
            lines -> sum(lines, jobClass, queue -> queue.waiting().tokens()),
            "class",
            jobClass.wireName());
        gauge(
            "sluice.forecast.stretch",
            "By how much actual waits are longer than the model's: the median",
            lines -> lines.of(jobClass).odds().median(),
            "class",
            jobClass.wireName(),
            "part",
            "p50");
        gauge(
            "sluice.forecast.stretch",
            "By how much actual waits are longer than the model's: nine of ten",
            lines -> lines.of(jobClass).odds().ninety(),
            "class",
            jobClass.wireName(),
            "part",
            "p90");
      }
      gauge(
          "sluice.pace.jobs",
          "Jobs that end in a second while others wait",
          lines -> lines.pace().map(Pace::jobsPerSecond).orElse(Double.NaN));
      gauge(
          "sluice.pace.tokens",
          "What they cost",
          lines -> lines.pace().map(Pace::tokensPerSecond).orElse(Double.NaN));
    }

    private static double sum(Lines lines, JobClass jobClass, ToDoubleFunction<Queue> of) {
      return lines.of(jobClass).lanes().stream().mapToDouble(of).sum();
    }

    private void gauge(String name, String text, ToDoubleFunction<Lines> of, String... tags) {
      Gauge.builder(name, known, it -> it.get().map(of::applyAsDouble).orElse(Double.NaN))
          .description(text)
          .tag("pool", pool.toString())
          .tags(tags)
          .register(meters);
    }
  }
}
