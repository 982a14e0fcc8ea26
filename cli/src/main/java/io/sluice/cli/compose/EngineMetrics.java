package io.sluice.cli.compose;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.worker.Circuit;
import io.sluice.worker.EngineGauges;
import io.sluice.worker.SlotTrouble;
import io.sluice.worker.Worker;

/** What is known of each model server of a worker, whenever somebody looks. */
final class EngineMetrics {
  private final Worker worker;
  private final MeterRegistry meters;

  private EngineMetrics(Worker worker, MeterRegistry meters) {
    this.worker = worker;
    this.meters = meters;
  }

  /** Shows the model servers of a worker from now on. */
  static void watch(Worker worker, MeterRegistry meters) {
    EngineMetrics shown = new EngineMetrics(worker, meters);
    for (EngineGauges each : worker.gauges().engines()) {
      shown.watch(each.engine());
      each.tokens().ifPresent(bounded -> shown.watchTokens(each.engine()));
    }
    worker.circuits().forEach(shown::watch);
  }

  private void watch(Circuit circuit) {
    Gauge.builder("sluice.worker.engine.circuit", () -> state(circuit).ordinal())
        .description("0 closed: jobs go through; 1 half open: a probe is under way; 2 open")
        .tags("engine", circuit.engine(), "pool", circuit.pool().toString())
        .register(meters);
  }

  private Circuit.State state(Circuit circuit) {
    return worker.circuits().stream()
        .filter(each -> each.engine().equals(circuit.engine()))
        .filter(each -> each.pool().equals(circuit.pool()))
        .findFirst()
        .orElseThrow()
        .state();
  }

  private void watch(String engine) {
    Gauge.builder("sluice.worker.engine.slots", () -> now(engine).slots())
        .tag("engine", engine)
        .register(meters);
    Gauge.builder("sluice.worker.engine.slots.most", () -> now(engine).slotsMost())
        .tag("engine", engine)
        .register(meters);
    Gauge.builder("sluice.worker.engine.busy", () -> now(engine).busy())
        .tag("engine", engine)
        .register(meters);
    for (int requests : now(engine).tokensPerSecond().keySet()) {
      Gauge.builder("sluice.worker.engine.tokens.per.second", () -> measured(engine, requests))
          .tags("engine", engine, "requests", String.valueOf(requests))
          .register(meters);
    }
    for (SlotTrouble why : SlotTrouble.values()) {
      FunctionCounter.builder(
              "sluice.worker.engine.slots.lowered", worker, one -> lowered(engine, why))
          .tags("engine", engine, "reason", why.label())
          .register(meters);
    }
  }

  private void watchTokens(String engine) {
    Gauge.builder("sluice.worker.engine.tokens.held", () -> tokens(engine).held())
        .tag("engine", engine)
        .register(meters);
    Gauge.builder("sluice.worker.engine.tokens.most", () -> tokens(engine).most())
        .tag("engine", engine)
        .register(meters);
  }

  private EngineGauges.Tokens tokens(String engine) {
    return now(engine).tokens().orElseThrow();
  }

  private EngineGauges now(String engine) {
    return worker.gauges().engines().stream()
        .filter(each -> each.engine().equals(engine))
        .findFirst()
        .orElseThrow();
  }

  private double measured(String engine, int requests) {
    return now(engine).tokensPerSecond().getOrDefault(requests, Double.NaN);
  }

  private double lowered(String engine, SlotTrouble why) {
    return now(engine).lowered().getOrDefault(why, 0L);
  }
}
