package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Admission;
import io.sluice.Await;
import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.JobStore.Lookup;
import io.sluice.Step;
import io.sluice.cli.Captured;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import io.sluice.redis.Redis;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A rolling deploy under load: every process is replaced while jobs run, and each job ends once,
 * with the whole text of one attempt, and nothing that it is charged for.
 */
class RollingIT {
  private static final Logger LOG = LoggerFactory.getLogger(RollingIT.class);
  private static final int JOBS = 320;

  /** A simulated answer that takes 8 s, longer than a worker has to drain. */
  private static final String SLOW = "[[sim:delay=200]] ";

  private static final int SLOW_EVERY = 10;

  /** The time to drain, to give back, and to end, on a machine with a lot to do. */
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(60);

  @TempDir Path folder;

  private final Instant deadline = Instant.now().plus(Duration.ofMinutes(6));
  private final Queue<JobReader> readers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger ended = new AtomicInteger();

  @Test
  void every_process_is_replaced_in_turn_and_no_job_is_lost_doubled_or_charged() throws Exception {
    Cluster.Node node =
        new Cluster.Node(
            Cluster.MODEL, Cluster.simulated(Duration.ofMillis(25)), List.of("--drain", "400ms"));
    try (Cluster cluster = new Cluster(folder, Collections.nCopies(2, node));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> submitting = clients.submit(() -> submitAll(cluster, clients));

      awaitEnded(20);
      replace(cluster.workers.get(0));
      awaitEnded(60);
      replace(cluster.workers.get(1));
      awaitEnded(100);
      replace(cluster.gateway);
      awaitEnded(130);
      drainAndResume(cluster);
      awaitEnded(170);
      replace(cluster.workers.get(1));
      awaitEnded(200);
      replace(cluster.workers.get(0));

      submitting.get(5, TimeUnit.MINUTES);
      awaitEnded(JOBS);
      assertPromisesKept(cluster);
      assertNothingCharged(cluster);
    }
  }

  private Void submitAll(Cluster cluster, ExecutorService clients) throws Exception {
    List<JsonNode> jobs =
        IntStream.range(0, JOBS)
            .<JsonNode>mapToObj(n -> job((n % SLOW_EVERY == 0 ? SLOW : "") + "job number " + n))
            .toList();
    Submitter submitter = new Submitter(cluster.http, cluster.url, cluster.key);
    for (JsonNode job : jobs) {
      String id = submitter.submit(job, deadline);
      JobReader reader = new JobReader(cluster.http, () -> cluster.url, cluster.key, id);
      readers.add(reader);
      clients.submit(
          () -> {
            reader.readToTheEnd(deadline);
            ended.incrementAndGet();
          });
    }
    return null;
  }

  private static JsonNode job(String prompt) {
    return Json.object().put("model", Cluster.MODEL).put("kind", "generate").put("prompt", prompt);
  }

  /** As an orchestrator does: SIGTERM, and another process when it has ended. */
  private static void replace(SluiceProcess process) {
    long begun = System.nanoTime();
    assertThat(process.terminate(ENDS_WITHIN)).isZero();
    LOG.info("{} ended after {} ms", process.log(), (System.nanoTime() - begun) / 1_000_000);
    process.start();
  }

  /** As an operator does before work on an engine. */
  private void drainAndResume(Cluster cluster) {
    Map<String, String> operator =
        Map.of("SLUICE_URL", cluster.url.toString(), "SLUICE_API_KEY", cluster.key);
    List<JsonNode> workers = new ArrayList<>();
    Awaitility.await("both workers known to the gateway")
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              Captured shown = Captured.run(operator, "workers", "--json");
              workers.clear();
              Json.parse(shown.out()).forEach(workers::add);
              return workers.size() == 2;
            });
    String id = workers.getFirst().path("id").asText();
    int port = engineOf(cluster, workers.getFirst());
    Captured drained = Captured.run(operator, "drain", id, "--within", "1s", "--wait");
    assertThat(drained.exit()).as(drained.out() + drained.err()).isZero();
    assertThat(cluster.engines.get(port).stats().running()).as("jobs at its engine").isZero();
    Captured resumed = Captured.run(operator, "resume", id);
    assertThat(resumed.exit()).as(resumed.out() + resumed.err()).isZero();
    Awaitility.await("the worker to serve again")
        .atMost(Duration.ofSeconds(60))
        .until(() -> cluster.engines.get(port).stats().running() > 0);
  }

  /** Which of the engines is this worker's. */
  private static int engineOf(Cluster cluster, JsonNode worker) {
    String name = worker.path("engines").path(0).path("name").asText();
    return IntStream.range(0, cluster.engines.size())
        .filter(n -> name.endsWith(":" + cluster.engines.get(n).uri().getPort()))
        .findFirst()
        .orElseThrow();
  }

  private void awaitEnded(int jobs) {
    Awaitility.await(jobs + " ended")
        .atMost(Duration.between(Instant.now(), deadline))
        .until(() -> ended.get() >= jobs);
  }

  private void assertPromisesKept(Cluster cluster) throws InterruptedException {
    assertThat(readers.stream().map(JobReader::id).distinct()).hasSize(JOBS);
    for (JobReader reader : readers) {
      assertThat(reader.verdict()).isEmpty();
      assertThat(reader.ends()).as("ends of " + reader.id()).isEqualTo(1);
      assertThat(reader.job(deadline).path("state").asText()).isEqualTo("completed");
    }
    for (EngineSim engine : cluster.engines) {
      assertThat(engine.stats().openMax()).isLessThanOrEqualTo(Cluster.SLOTS);
    }
  }

  /** What a job was given back for is in its history, and nowhere else. */
  private void assertNothingCharged(Cluster cluster) {
    Redis redis = Redis.connect(cluster.redis.uri(), Admission.Bounds.DEFAULT);
    try {
      int givenBack = 0;
      for (JobReader reader : readers) {
        JobId id = new JobId(reader.id());
        JobRecord record = ((Lookup.Found) Await.await(redis.store().find(id))).record();
        assertThat(record.failures()).as("failures of " + id).isZero();
        assertThat(record.losses()).as("losses of " + id).isZero();
        List<Step> steps = Await.await(redis.history().steps(id, Optional.empty()));
        List<String> reasons = reasons(steps);
        assertThat(reasons)
            .as("why " + id + " was not done at once")
            .allMatch("worker_draining"::equals);
        assertThat(reader.resets()).as("resets of " + id).isEqualTo(reasons.size());
        givenBack += reasons.size();
      }
      LOG.info("{} of {} jobs were given back", givenBack, JOBS);
      assertThat(givenBack).as("jobs that were given back").isPositive();
    } finally {
      redis.close();
    }
  }

  private static List<String> reasons(List<Step> steps) {
    return steps.stream().flatMap(step -> reason(step).stream()).toList();
  }

  private static Optional<String> reason(Step step) {
    if (step instanceof Step.Failed failed) {
      return Optional.of(failed.code());
    }
    return step instanceof Step.LeaseLost ? Optional.of("lease_lost") : Optional.empty();
  }
}
