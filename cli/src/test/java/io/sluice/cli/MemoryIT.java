package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.enginesim.SimMemory;
import io.sluice.enginesim.SimModel;
import io.sluice.testservers.RabbitServer;
import io.sluice.testservers.RedisServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The memory of the GPU through the whole program, with a tool and an engine that are simulated.
 */
class MemoryIT {
  private static final long GIB = 1L << 30;
  private static final SimConfig ENGINE = SimConfig.DEFAULT.slots(10).answerTokens(5);

  @TempDir Path folder;

  @Test
  void slots_come_from_what_nvidia_smi_tells_and_the_gpu_is_shown_in_the_metrics()
      throws Exception {
    try (EngineSim engine = EngineSim.start(ENGINE.memory(SimMemory.of(24 * GIB)));
        Sluice up = up(engine, Map.of("PATH", toolFor(24_576)))) {
      String url = up.awaitLine("sluice ready ");
      assertThat(up.err())
          .contains("10 requests for qwen3:14b@8k at a time with f16 keys and values")
          .contains("OLLAMA_NUM_PARALLEL=10 OLLAMA_CONTEXT_LENGTH=8192");
      eventually(
          () ->
              assertThat(metrics(url))
                  .contains(
                      "sluice_gpu_memory_total_bytes{gpu=\"0\",name=\"RTX, 24\"} 2.5769803776E10")
                  .contains("sluice_gpu_utilization_ratio{gpu=\"0\",name=\"RTX, 24\"} 0.87")
                  .contains("sluice_worker_plan_slots 10.0")
                  .contains("sluice_worker_slots_most 10.0")
                  .contains("sluice_worker_engine_ready 1.0"));
    }
  }

  @Test
  void a_model_that_spilled_is_not_served_and_the_reason_is_told() {
    try (EngineSim engine = EngineSim.start(ENGINE.memory(SimMemory.of(16 * GIB)));
        Sluice up = up(engine, Map.of("SLUICE_GPU", "24GiB"))) {
      String url = up.awaitLine("sluice ready ");
      String why = "outside the GPU; sluice plan says what fits.";
      eventually(() -> assertThat(get(url + "/health/ready", "")).contains(why));
      eventually(
          () ->
              assertThat(metrics(url))
                  .contains("pool=\"qwen3:14b@8k\",reason=\"engine_misplaced\"} 1.0")
                  .contains("sluice_worker_engine_ready 0.0"));
      assertThat(up.err()).contains("ENGINE_MISPLACED: The model server keeps").contains(why);
    }
  }

  @Test
  void an_engine_that_was_started_with_fewer_slots_is_noticed() {
    try (EngineSim engine = EngineSim.start(ENGINE.slots(3).memory(SimMemory.of(24 * GIB)));
        Sluice up = up(engine, Map.of("SLUICE_GPU", "24GiB"))) {
      up.awaitLine("sluice ready ");
      eventually(
          () ->
              assertThat(up.err())
                  .contains("room for 3 of 10 slots")
                  .contains("it was not started with OLLAMA_NUM_PARALLEL=10"));
    }
  }

  @Test
  void an_engine_that_comes_late_is_planned_for_when_it_is_there() {
    try (EngineSim engine =
        EngineSim.start(ENGINE.models(SimModel.named("mine:14b")).memory(SimMemory.of(24 * GIB)))) {
      engine.unreachable();
      try (Sluice up = up(engine, Map.of("SLUICE_GPU", "24GiB", "SLUICE_MODEL", "mine:14b"))) {
        String url = up.awaitLine("sluice ready ");
        assertThat(get(url + "/health/ready", ""))
            .contains("\"status\":\"ready\"")
            .contains("no engine that answers has mine:14b");
        engine.reachable();
        eventually(() -> assertThat(metrics(url)).contains("sluice_worker_engine_ready 1.0"));
        up.terminate();
        assertThat(up.awaitExit()).isZero();
        assertThat(up.err()).contains("10 requests for mine:14b@8k");
      }
    }
  }

  @Test
  void a_worker_is_not_ready_while_it_serves_nothing_and_says_why() throws Exception {
    int port = freePort();
    String url = "http://127.0.0.1:" + port;
    try (RabbitServer rabbit = RabbitServer.start();
        RedisServer redis = RedisServer.start();
        EngineSim engine = EngineSim.start(ENGINE.slots(12).memory(SimMemory.of(24 * GIB)));
        Sluice worker =
            Sluice.start(
                folder,
                Map.of(
                    "SLUICE_AMQP_URL", rabbit.uri().toString(),
                    "SLUICE_REDIS_URL", redis.uri().toString(),
                    "SLUICE_ENGINE_URL", engine.uri().toString(),
                    "SLUICE_MODEL", "qwen3:14b",
                    "SLUICE_SLOTS", "auto",
                    "SLUICE_GPU", "24GiB",
                    "SLUICE_HEALTH_PORT", String.valueOf(port)),
                "worker")) {
      worker.awaitLine("sluice worker ready");
      eventually(
          () ->
              assertThat(get(url + "/health/ready", ""))
                  .isEqualTo(
                      "{\"status\":\"not_ready\",\"reason\":\"qwen3:14b@8k: The model server keeps"
                          + " 1.76 GiB of the 23.53 GiB of qwen3:14b outside the GPU; sluice plan"
                          + " says what fits.\"}"));
      assertThat(get(url + "/metrics", "")).contains("sluice_worker_engine_ready 0.0");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private Sluice up(EngineSim engine, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("SLUICE_ENGINE_URL", engine.uri().toString());
    environment.put("SLUICE_SLOTS", "auto");
    // By itself a worker then measures too, and what is fastest may be fewer than what fits.
    environment.put("SLUICE_CALIBRATE", "no");
    return Sluice.start(
        folder, environment, "up", "--port", "0", "--data", folder.resolve("data").toString());
  }

  /** A path on which there is an nvidia-smi that tells of one GPU. */
  private String toolFor(int mib) throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path tool = bin.resolve("nvidia-smi");
    Files.writeString(tool, "#!/bin/sh\necho '0, RTX, 24, " + mib + ", 1000, 87'\n");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
    return bin + ":" + System.getenv("PATH");
  }

  private String metrics(String url) throws Exception {
    return get(url + "/metrics", Files.readString(folder.resolve("data").resolve("api-key")));
  }

  private static String get(String url, String key) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
      if (!key.isBlank()) {
        request.header("Authorization", "Bearer " + key.strip());
      }
      return http.send(request.build(), BodyHandlers.ofString()).body();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void eventually(ThrowingRunnable assertion) {
    Awaitility.await().atMost(Duration.ofSeconds(90)).untilAsserted(assertion);
  }
}
