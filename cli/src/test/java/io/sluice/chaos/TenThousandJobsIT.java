package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ten thousand small jobs through both forms: each ends once, with one result of one run. */
class TenThousandJobsIT {
  private static final Logger LOG = LoggerFactory.getLogger(TenThousandJobsIT.class);
  private static final int JOBS = 10_000;
  private static final int CLIENTS = 32;

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Instant deadline = Instant.now().plus(Duration.ofMinutes(8));

  @Test
  void go_through_rabbitmq_and_redis() throws Exception {
    try (Cluster cluster = new Cluster(folder, 1, Duration.ZERO)) {
      assertAllGoThrough(cluster.url, cluster.key, cluster.engines.getFirst());
    }
  }

  @Test
  void go_through_one_process() throws Exception {
    int port = Cluster.freePort();
    Path data = folder.resolve("data");
    try (EngineSim engine = EngineSim.start(SimConfig.DEFAULT);
        SluiceProcess up =
            SluiceProcess.start(
                "up",
                folder,
                Map.of("SLUICE_MODEL", "qwen3:14b"),
                "up",
                "--port",
                "" + port,
                "--data",
                data.toString(),
                "--engine",
                engine.uri().toString(),
                "--slots",
                "4")) {
      Awaitility.await("sluice ready")
          .atMost(Duration.ofSeconds(60))
          .until(() -> Files.readString(up.log()).contains("sluice ready "));
      String key = Files.readString(data.resolve("api-key")).strip();
      assertAllGoThrough(URI.create("http://127.0.0.1:" + port), key, engine);
    }
  }

  private void assertAllGoThrough(URI server, String key, EngineSim engine) throws Exception {
    JobList list = new JobList(http, server, key);
    long before = engine.stats().completed();
    Instant started = Instant.now();
    Set<String> accepted = submitAll(server, key);
    Awaitility.await("all answers")
        .atMost(Duration.between(Instant.now(), deadline))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> engine.stats().completed() - before >= JOBS && list.allEnded());
    Duration took = Duration.between(started, Instant.now());
    LOG.info("{} jobs in {} ms: {} jobs/s", JOBS, took.toMillis(), JOBS * 1000L / took.toMillis());

    Map<String, JsonNode> ended = list.all();
    assertThat(ended.keySet()).isEqualTo(accepted).hasSize(JOBS);
    assertThat(ended.values())
        .allSatisfy(
            job -> {
              assertThat(job.path("state").asText()).isIn("completed", "incomplete");
              assertThat(job.at("/usage/completion_tokens").asInt()).isEqualTo(16);
              assertThat(job.at("/output/text").asText()).isNotEmpty();
              assertThat(job.path("attempt").asInt()).isOne();
            });
    assertThat(IntStream.range(0, JOBS).map(n -> engine.runs(prompt(n))))
        .as("runs of each prompt")
        .containsOnly(1);
    assertThat(engine.stats().openMax()).isLessThanOrEqualTo(Cluster.SLOTS);
    assertThat(engine.stats().reloads()).isZero();
  }

  private Set<String> submitAll(URI server, String key) throws Exception {
    Submitter submitter = new Submitter(http, server, key);
    Set<String> accepted = ConcurrentHashMap.newKeySet();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<? extends Future<?>> running =
          IntStream.range(0, CLIENTS)
              .mapToObj(
                  client ->
                      clients.submit(
                          () -> {
                            for (int n = client; n < JOBS; n += CLIENTS) {
                              accepted.add(submitter.submit(prompt(n), deadline));
                            }
                            return null;
                          }))
              .toList();
      for (Future<?> client : running) {
        client.get(8, TimeUnit.MINUTES);
      }
    }
    return accepted;
  }

  private static String prompt(int n) {
    return "[[sim:tokens=16]] number " + n;
  }
}
