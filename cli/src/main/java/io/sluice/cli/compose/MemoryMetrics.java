package io.sluice.cli.compose;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.sluice.worker.plan.GpuReading;
import io.sluice.worker.plan.Gpus;
import io.sluice.worker.plan.Resident;
import io.sluice.worker.plan.SlotPlan;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The memory of the GPUs, and what was planned for it, as gauges. */
final class MemoryMetrics {
  private static final String BYTES = "bytes";

  private final MeterRegistry meters;
  private final MultiGauge total;
  private final MultiGauge used;
  private final MultiGauge load;

  MemoryMetrics(MeterRegistry meters) {
    this.meters = meters;
    total = MultiGauge.builder("sluice.gpu.memory.total").baseUnit(BYTES).register(meters);
    used = MultiGauge.builder("sluice.gpu.memory.used").baseUnit(BYTES).register(meters);
    load = MultiGauge.builder("sluice.gpu.utilization").baseUnit("ratio").register(meters);
  }

  /** Shows what was seen last; nothing where no GPU can be seen any more. */
  void show(Gpus.Look look) {
    List<GpuReading> gpus =
        look instanceof Gpus.Look.Found found ? found.readings() : List.<GpuReading>of();
    total.register(rows(gpus, gpu -> gpu.gpu().bytes()), true);
    used.register(rows(gpus, GpuReading::usedBytes), true);
    load.register(
        rows(
            gpus.stream().filter(gpu -> gpu.loadPercent().isPresent()).toList(),
            gpu -> gpu.loadPercent().getAsInt() / 100.0),
        true);
  }

  /** Shows a plan, which stays as it is. */
  void show(SlotPlan.Planned planned) {
    gauge("sluice.worker.plan.slots", planned.slots()).register(meters);
    gauge("sluice.worker.plan.cache", Math.max(0, planned.memory().cacheBytes()))
        .baseUnit(BYTES)
        .register(meters);
    MultiGauge perSlot =
        MultiGauge.builder("sluice.worker.plan.slot").baseUnit(BYTES).register(meters);
    perSlot.register(
        planned.memory().residents().stream()
            .map(one -> Row.of(tags(one), one.kvBytesPerSlot(planned.kv())))
            .toList());
  }

  private static Gauge.Builder<Supplier<Number>> gauge(String name, Number value) {
    return Gauge.builder(name, () -> value);
  }

  private static Tags tags(Resident one) {
    return Tags.of("model", one.shape().name(), "context", String.valueOf(one.contextTokens()));
  }

  private static List<Row<?>> rows(List<GpuReading> gpus, ToDoubleFunction<GpuReading> value) {
    return gpus.stream().<Row<?>>map(gpu -> row(gpu, value.applyAsDouble(gpu))).toList();
  }

  private static Row<?> row(GpuReading gpu, double value) {
    return Row.of(Tags.of("gpu", String.valueOf(gpu.index()), "name", gpu.gpu().name()), value);
  }
}
