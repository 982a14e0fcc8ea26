package io.sluice.cli.compose;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.sluice.worker.Outage;
import io.sluice.worker.ollama.LoadedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** What the engines have loaded, and what they do not serve, as gauges. */
final class LoadedMetrics {
  private final MultiGauge size;
  private final MultiGauge onGpu;
  private final MultiGauge context;
  private final MultiGauge out;

  // Guarded by this.
  private final TreeMap<String, List<LoadedModel>> loaded = new TreeMap<>();

  LoadedMetrics(MeterRegistry meters) {
    size = gauge("sluice.worker.engine.model.size", "bytes", meters);
    onGpu = gauge("sluice.worker.engine.model.vram", "bytes", meters);
    context = gauge("sluice.worker.engine.model.context", "tokens", meters);
    out = MultiGauge.builder("sluice.worker.engine.out").register(meters);
  }

  private static MultiGauge gauge(String name, String unit, MeterRegistry meters) {
    return MultiGauge.builder(name).baseUnit(unit).register(meters);
  }

  /** Shows what an engine has loaded; nothing where it does not say. */
  synchronized void show(String engine, List<LoadedModel> models) {
    loaded.put(engine, models);
    size.register(rows(LoadedModel::bytes), true);
    onGpu.register(rows(LoadedModel::gpuBytes), true);
    context.register(rows(LoadedModel::contextTokens), true);
  }

  /** Shows which pools are out of rotation; 1 for each. */
  synchronized void show(List<Outage> outages) {
    out.register(
        outages.stream()
            .<Row<?>>map(
                one ->
                    Row.of(
                        Tags.of(
                            "engine", one.engine(),
                            "pool", one.pool().toString(),
                            "reason", one.why().code().wireName()),
                        1))
            .toList(),
        true);
  }

  private List<Row<?>> rows(ToDoubleFunction<LoadedModel> value) {
    List<Row<?>> rows = new ArrayList<>();
    loaded.forEach(
        (engine, models) ->
            models.forEach(
                model ->
                    rows.add(
                        Row.of(
                            Tags.of("engine", engine, "model", model.name()),
                            value.applyAsDouble(model)))));
    return rows;
  }
}
