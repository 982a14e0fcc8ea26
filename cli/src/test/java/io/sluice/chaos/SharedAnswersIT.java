package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Identical jobs through the whole system, while what runs for all of them is killed: each is a job
 * of its own, ends once, and completes with the one answer that there is.
 */
class SharedAnswersIT {
  private static final int JOBS = 24;

  /** Makes a simulated answer take half a minute. */
  private static final String SLOW = "[[sim:delay=750]] what all ask";

  /** How that of the simulated engines begins. */
  private static final String DIGEST = "5".repeat(12);

  @TempDir Path folder;

  private final Instant deadline = Instant.now().plus(Duration.ofMinutes(5));
  private final List<JobReader> readers = new ArrayList<>();

  @Test
  void those_that_wait_for_another_s_answer_complete_although_its_worker_is_killed()
      throws Exception {
    try (Cluster cluster = new Cluster(folder, 2, Duration.ofMillis(25));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> reading = submitAll(cluster, clients);
      int leading = awaitOneRunning(cluster);
      awaitJoined(cluster);

      cluster.workers.get(leading).kill9();

      finish(reading);
      assertPromisesKept();
      assertThat(tokens(cluster)).as("tokens, of %d jobs", JOBS).isBetween(40L, 4 * 40L);
    }
  }

  @Test
  void those_that_wait_complete_whatever_else_is_killed_in_turn() throws Exception {
    try (Cluster cluster = new Cluster(folder, 2, Duration.ofMillis(25));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> reading = submitAll(cluster, clients);
      awaitOneRunning(cluster);
      awaitJoined(cluster);

      cluster.gateway.kill9();
      cluster.redis.kill9();
      cluster.redis.restart();
      cluster.gateway.start();
      cluster.rabbit.kill9();
      cluster.rabbit.restart();

      finish(reading);
      assertPromisesKept();
    }
  }

  private List<Future<?>> submitAll(Cluster cluster, ExecutorService clients) throws Exception {
    awaitDigest(cluster);
    List<ObjectNode> jobs = new ArrayList<>();
    for (int n = 0; n < JOBS; n++) {
      ObjectNode job = Json.object().put("model", Cluster.MODEL).put("kind", "generate");
      job.put("prompt", SLOW).putObject("options").put("temperature", 0);
      job.putObject("metadata").put("n", String.valueOf(n));
      jobs.add(job);
    }
    Submitter submitter = new Submitter(cluster.http, cluster.url, cluster.key);
    List<Future<?>> reading = new ArrayList<>();
    for (String id : submitter.submitAll(jobs, 8, deadline)) {
      JobReader reader = new JobReader(cluster.http, () -> cluster.url, cluster.key, id);
      readers.add(reader);
      reading.add(clients.submit(() -> reader.readToTheEnd(deadline)));
    }
    return reading;
  }

  /** What a model is besides its name is told once a minute, and divides those before and after. */
  private void awaitDigest(Cluster cluster) {
    Awaitility.await("the engines' digest of the model")
        .atMost(Duration.between(Instant.now(), deadline))
        .until(() -> tags(cluster).contains(DIGEST));
  }

  private static String tags(Cluster cluster) throws Exception {
    return cluster
        .http
        .send(
            HttpRequest.newBuilder(cluster.url.resolve("/api/tags"))
                .header("Authorization", "Bearer " + cluster.key)
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** The number of the worker whose engine has the only request. */
  private int awaitOneRunning(Cluster cluster) {
    Awaitility.await("one job that runs for all")
        .atMost(Duration.between(Instant.now(), deadline))
        .until(() -> running(cluster) == 1);
    return cluster.engines.get(0).stats().running() == 1 ? 0 : 1;
  }

  /** Some have been pulled, and let go since another one runs for them. */
  private void awaitJoined(Cluster cluster) {
    Awaitility.await("jobs that wait for it")
        .atMost(Duration.between(Instant.now(), deadline))
        .until(() -> redis(cluster, "EVAL", JOINED, "0").equals("+OK"));
    assertThat(running(cluster)).isOne();
  }

  private static final String JOINED =
      """
      local joined = 0
      for _, key in ipairs(redis.call('KEYS', 'sluice:job:*')) do
        joined = joined + redis.call('HEXISTS', key, 'joined')
      end
      return redis.status_reply(joined >= 4 and 'OK' or 'NO')""";

  private static String redis(Cluster cluster, String... words) throws Exception {
    return ClusterIT.command(cluster.redis, words);
  }

  private static int running(Cluster cluster) {
    return cluster.engines.stream().mapToInt(engine -> engine.stats().running()).sum();
  }

  /** What the engines have generated; each run of a job would have made 40. */
  private static long tokens(Cluster cluster) {
    return cluster.engines.stream().mapToLong(engine -> engine.stats().tokens()).sum();
  }

  private void finish(List<Future<?>> reading) throws Exception {
    for (Future<?> reader : reading) {
      reader.get(Duration.between(Instant.now(), deadline).toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void assertPromisesKept() throws InterruptedException {
    HashSet<String> texts = new HashSet<>();
    int ran = 0;
    for (JobReader reader : readers) {
      assertThat(reader.verdict()).isEmpty();
      assertThat(reader.ends()).as("ends of " + reader.id()).isOne();
      JsonNode job = reader.job(deadline);
      assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("completed");
      texts.add(job.at("/output/text").asText());
      ran += job.path("cached").isNull() ? 1 : 0;
    }
    assertThat(texts).as("the one answer").hasSize(1).doesNotContain("");
    assertThat(ran).as("jobs that ran themselves").isBetween(1, 3);
  }
}
