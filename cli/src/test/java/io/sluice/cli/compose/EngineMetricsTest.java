package io.sluice.cli.compose;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.Admission;
import io.sluice.Pool;
import io.sluice.embedded.Embedded;
import io.sluice.worker.EngineConfig;
import io.sluice.worker.Worker;
import io.sluice.worker.WorkerConfig;
import io.sluice.worker.WorkerPorts;
import io.sluice.worker.ollama.OllamaModelServer;
import io.sluice.worker.ollama.OllamaSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineMetricsTest {
  private static final Pool POOL = Pool.parse("m:1b");
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @TempDir Path data;

  @Test
  void an_engine_that_tokens_bound_shows_them_and_another_does_not() {
    try (Embedded embedded =
        Embedded.open(data, Admission.Bounds.DEFAULT, List.of(POOL), InstantSource.system())) {
      EngineMetrics.watch(worker(embedded), meters);
    }
    assertThat(value("tokens.most", "a")).isEqualTo(5000);
    assertThat(value("tokens.held", "a")).isZero();
    assertThat(value("slots", "b")).isEqualTo(3);
    assertThat(meters.find("sluice.worker.engine.tokens.held").meters())
        .extracting(Meter::getId)
        .extracting(id -> id.getTag("engine"))
        .containsExactly("a");
  }

  private double value(String name, String engine) {
    return meters.get("sluice.worker.engine." + name).tag("engine", engine).gauge().value();
  }

  private Worker worker(Embedded embedded) {
    OllamaModelServer nobody =
        new OllamaModelServer(URI.create("http://127.0.0.1:1"), OllamaSettings.DEFAULT);
    return new Worker(
        new WorkerPorts(
            embedded.queue(),
            embedded.laneOrder(),
            embedded.leases(),
            embedded.events(),
            embedded.warmSessions(),
            embedded.warmLanes()),
        List.of(
            new EngineConfig("a", nobody, 4, Optional.of(new EngineConfig.Tokens(5000, false))),
            new EngineConfig("b", nobody, 3)),
        WorkerConfig.of("w", Set.of(POOL)),
        new WorkerMetrics(meters),
        InstantSource.system());
  }
}
