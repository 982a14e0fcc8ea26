package io.sluice.cli.compose;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Pool;
import io.sluice.worker.Outage;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a worker's readiness says of its engines. */
class EngineHealthTest {
  private static final Outage SPILLED =
      new Outage(
          "gpu-host:11434",
          Pool.parse("qwen3:14b"),
          new Failure(FailureCode.ENGINE_MISPLACED, "It spilled."));

  private final EngineHealth health = new EngineHealth();
  private final Vertx vertx = Vertx.vertx();
  private HealthServer server;

  @BeforeEach
  void start() {
    server =
        HealthServer.start(
            vertx,
            "127.0.0.1",
            0,
            List.of(health.needed(), health.told()),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }

  @AfterEach
  void stop() {
    server.close();
    Waiting.await(vertx.close(), Duration.ofSeconds(10));
  }

  @Test
  void a_worker_that_waits_for_its_engine_is_not_ready_and_says_for_what() throws Exception {
    assertThat(health.waitsFor("no engine has m")).isTrue();
    assertThat(health.waitsFor("no engine has m")).isFalse();
    assertThat(ready().statusCode()).isEqualTo(503);
    assertThat(ready().body()).contains("no engine has m");
  }

  @Test
  void a_worker_that_serves_nothing_is_not_ready_and_names_no_host() throws Exception {
    health.watch(() -> List.of(SPILLED), () -> false);
    assertThat(ready().statusCode()).isEqualTo(503);
    assertThat(ready().body()).contains("qwen3:14b@8k: It spilled.").doesNotContain("gpu-host");
  }

  @Test
  void a_worker_that_serves_something_is_ready_and_warns_of_the_rest() throws Exception {
    health.watch(() -> List.of(SPILLED), () -> true);
    assertThat(ready().statusCode()).isEqualTo(200);
    assertThat(ready().body())
        .isEqualTo("{\"status\":\"ready\",\"warnings\":[\"qwen3:14b@8k: It spilled.\"]}");
  }

  @Test
  void a_worker_that_serves_everything_is_ready() throws Exception {
    health.watch(List::of, () -> true);
    assertThat(ready().body()).isEqualTo("{\"status\":\"ready\"}");
  }

  private HttpResponse<String> ready() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + server.port() + "/health/ready");
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }
}
