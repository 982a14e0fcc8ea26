package io.sluice.cli.compose;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Pool;
import io.sluice.worker.Outage;
import io.sluice.worker.ollama.LoadedModel;
import io.sluice.worker.plan.Gpu;
import io.sluice.worker.plan.GpuReading;
import io.sluice.worker.plan.Gpus.Look;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class MemoryMetricsTest {
  private static final GpuReading BUSY =
      new GpuReading(0, Gpu.parse("24GiB"), 20L << 30, OptionalInt.of(87));
  private static final GpuReading SILENT =
      new GpuReading(1, Gpu.parse("80GiB"), 0, OptionalInt.empty());

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void each_gpu_has_its_memory_and_its_load_where_it_tells_it() {
    new MemoryMetrics(meters).show(new Look.Found(List.of(BUSY, SILENT)));
    assertThat(value("sluice.gpu.memory.total", "gpu", "1")).isEqualTo(80L << 30);
    assertThat(value("sluice.gpu.memory.used", "gpu", "0")).isEqualTo(20L << 30);
    assertThat(value("sluice.gpu.utilization", "gpu", "0")).isEqualTo(0.87);
    assertThat(meters.find("sluice.gpu.utilization").gauges()).hasSize(1);
  }

  @Test
  void a_later_look_replaces_the_earlier_one() {
    MemoryMetrics metrics = new MemoryMetrics(meters);
    metrics.show(new Look.Found(List.of(BUSY, SILENT)));
    metrics.show(new Look.Found(List.of(new GpuReading(0, BUSY.gpu(), 7, OptionalInt.of(1)))));
    assertThat(value("sluice.gpu.memory.used", "gpu", "0")).isEqualTo(7);
    assertThat(meters.find("sluice.gpu.memory.used").gauges()).hasSize(1);
  }

  @Test
  void a_gpu_that_can_be_seen_no_more_is_not_shown() {
    MemoryMetrics metrics = new MemoryMetrics(meters);
    metrics.show(new Look.Found(List.of(BUSY)));
    metrics.show(new Look.None("nvidia-smi gave no answer"));
    assertThat(meters.getMeters()).isEmpty();
  }

  @Test
  void what_is_loaded_is_shown_for_each_engine_until_it_tells_otherwise() {
    LoadedMetrics metrics = new LoadedMetrics(meters);
    metrics.show("a", List.of(new LoadedModel("m", 100, 60, 8192)));
    metrics.show("b", List.of(new LoadedModel("m", 100, 100, 8192)));
    assertThat(value("sluice.worker.engine.model.vram", "engine", "a")).isEqualTo(60);
    assertThat(value("sluice.worker.engine.model.size", "engine", "a")).isEqualTo(100);
    assertThat(value("sluice.worker.engine.model.context", "engine", "b")).isEqualTo(8192);
    metrics.show("a", List.of());
    assertThat(meters.find("sluice.worker.engine.model.vram").gauges()).hasSize(1);
  }

  @Test
  void a_pool_that_is_out_of_rotation_is_shown_with_its_reason_until_it_is_back() {
    LoadedMetrics metrics = new LoadedMetrics(meters);
    Failure why = new Failure(FailureCode.ENGINE_MISPLACED, "spilled");
    metrics.show(List.of(new Outage("a", Pool.parse("m"), why)));
    assertThat(value("sluice.worker.engine.out", "reason", "engine_misplaced")).isOne();
    metrics.show(List.of());
    assertThat(meters.getMeters()).isEmpty();
  }

  private double value(String name, String tag, String is) {
    return meters.get(name).tag(tag, is).gauge().value();
  }
}
