package io.sluice.cli.compose;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.Admission;
import io.sluice.Pool;
import io.sluice.embedded.Embedded;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.enginesim.SimModel;
import io.sluice.worker.EngineConfig;
import io.sluice.worker.Worker;
import io.sluice.worker.WorkerConfig;
import io.sluice.worker.WorkerPorts;
import io.sluice.worker.ollama.OllamaModelServer;
import io.sluice.worker.ollama.OllamaSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineMetricsTest {
  private static final Pool POOL = Pool.parse("m:1b");
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private static final String CIRCUIT =
      "sluice_worker_engine_circuit{engine=\"a\",pool=\"%s\"}".formatted(POOL);
  private static final String OPENED =
      Pattern.quote(
          "sluice_worker_engine_opened_total{engine=\"a\",pool=\"%s\",reason=\"%s\"}"
              .formatted(POOL, "engine_unreachable"));

  @TempDir Path data;

  @Test
  void an_engine_that_tokens_bound_shows_them_and_another_does_not() {
    try (Embedded embedded = open();
        OllamaModelServer nobody = server(URI.create("http://127.0.0.1:1"))) {
      EngineMetrics.watch(worker(embedded, nobody), meters);
    }
    assertThat(value("tokens.most", "a")).isEqualTo(5000);
    assertThat(value("tokens.held", "a")).isZero();
    assertThat(value("slots", "b")).isEqualTo(3);
    assertThat(meters.find("sluice.worker.engine.tokens.held").meters())
        .extracting(Meter::getId)
        .extracting(id -> id.getTag("engine"))
        .containsExactly("a");
  }

  @Test
  void a_scrape_shows_an_engine_s_circuit_and_how_often_it_opened_for_which_reason() {
    try (Embedded embedded = open();
        EngineSim engine = EngineSim.start(SimConfig.DEFAULT.models(SimModel.named("m:1b")));
        OllamaModelServer server = server(engine.uri());
        Worker worker = worker(embedded, server)) {
      engine.unreachable();
      EngineMetrics.watch(worker, meters);
      assertThat(meters.scrape()).contains(CIRCUIT + " 2.0");
      worker.start();
      eventually(() -> assertThat(meters.scrape()).containsPattern(OPENED + " [1-9]"));
      engine.reachable();
      eventually(() -> assertThat(meters.scrape()).contains(CIRCUIT + " 0.0"));
    }
  }

  private static void eventually(ThrowingRunnable holds) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(holds);
  }

  private double value(String name, String engine) {
    return meters.get("sluice.worker.engine." + name).tag("engine", engine).gauge().value();
  }

  private Embedded open() {
    return Embedded.open(data, Admission.Bounds.DEFAULT, List.of(POOL), InstantSource.system());
  }

  private static OllamaModelServer server(URI uri) {
    return new OllamaModelServer(uri, OllamaSettings.DEFAULT);
  }

  private Worker worker(Embedded embedded, OllamaModelServer server) {
    return new Worker(
        new WorkerPorts(
            embedded.queue(),
            embedded.laneOrder(),
            embedded.leases(),
            embedded.events(),
            embedded.warmSessions(),
            embedded.warmLanes()),
        List.of(
            new EngineConfig("a", server, 4, Optional.of(new EngineConfig.Tokens(5000, false))),
            new EngineConfig("b", server, 3)),
        WorkerConfig.of("w", Set.of(POOL)),
        new WorkerMetrics(meters),
        InstantSource.system());
  }
}
