package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.FailureCode;
import io.sluice.Leases;
import io.sluice.RetryPolicy;
import io.sluice.cli.compose.CountedWorker;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.FaultKind;
import io.sluice.enginesim.SimConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that the simulated engine can do wrong, up to six kinds a run, each in one job of
 * twenty: every job ends as its faults say, no slot is lost, and every failed attempt is counted by
 * its reason.
 */
class FaultsIT {
  private static final Logger LOG = LoggerFactory.getLogger(FaultsIT.class);
  private static final int JOBS = 2_000;
  private static final int KINDS = 6;
  private static final double SHARE = 0.05;
  private static final int SLOTS = 16;
  private static final int CLIENTS = 32;
  private static final Pattern LAST_CAUSE = Pattern.compile("the last one by ([a-z_]+)");

  /**
   * Reasons that need no fault of the engine: a busy machine is late, and jobs that lost an engine
   * wait as for a busy one until they may run alone.
   */
  private static final List<FailureCode> LOOSE =
      List.of(FailureCode.ENGINE_BUSY, FailureCode.FIRST_TOKEN_TIMEOUT, FailureCode.TOKEN_TIMEOUT);

  /** How an attempt ends over which the engine was lost, before its own fault could tell. */
  private static final String LOST = FailureCode.ENGINE_LOST.wireName();

  @TempDir Path folder;

  private final Instant deadline = Instant.now().plus(Duration.ofMinutes(9));
  private final Random random = new Random(20_261_125);

  /**
   * A job with the faults that it will meet.
   *
   * @param runs that meet it, from the first one
   */
  private record Faulty(String prompt, Optional<Injection> injection, int runs) {
    boolean fails() {
      return injection.flatMap(Injection::failure).filter(this::isLast).isPresent();
    }

    private boolean isLast(FailureCode why) {
      if (!why.retryable()) {
        return true;
      }
      return switch (why.blame()) {
        case JOB -> runs >= RetryPolicy.DEFAULT.maxAttempts();
        case SUSPECT -> runs >= Leases.MAX_LOSSES;
        case INFRASTRUCTURE -> false;
      };
    }
  }

  @Test
  void whatever_the_engine_does_every_job_ends_every_slot_is_free_and_every_reason_is_counted()
      throws Exception {
    try (Cluster cluster = new Cluster(folder, 0, Duration.ZERO)) {
      for (List<FaultKind> kinds : Injection.groups(KINDS)) {
        run(cluster, kinds);
      }
    }
  }

  private void run(Cluster cluster, List<FaultKind> kinds) throws Exception {
    Instant began = Instant.now();
    SimConfig config = SimConfig.DEFAULT.slots(SLOTS).answerTokens(12);
    try (EngineSim engine = EngineSim.start(config);
        CountedWorker worker =
            CountedWorker.start(cluster.rabbit, cluster.redis, engine.uri(), SLOTS)) {
      Map<String, Faulty> jobs = submit(cluster, faulty(kinds));
      JobList list = new JobList(cluster.http, cluster.url, cluster.key);
      Awaitility.await("every job to end, with " + kinds)
          .atMost(Duration.between(Instant.now(), deadline))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> list.allEnded());
      Map<String, JsonNode> ended = list.all();
      ended.keySet().retainAll(jobs.keySet());
      assertThat(ended).hasSize(JOBS);
      LOG.info(
          "{} in {} s, {}",
          kinds,
          Duration.between(began, Instant.now()).toSeconds(),
          engine.stats());
      for (var job : jobs.entrySet()) {
        assertEnded(job.getValue(), ended.get(job.getKey()), list);
      }
      assertCounted(jobs, ended, worker, engine);
      assertSlotsFree(worker, engine);
    }
  }

  /** Few meet their fault in each of their runs: those that do must not be tried for ever. */
  private List<Faulty> faulty(List<FaultKind> kinds) {
    List<Faulty> jobs = new ArrayList<>();
    for (int n = 0; n < JOBS; n++) {
      int drawn = (int) (random.nextDouble() / SHARE);
      String prompt = kinds.getFirst() + " number " + n;
      if (drawn < kinds.size()) {
        Injection injection = Injection.of(kinds.get(drawn), n);
        int runs = random.nextInt(25) == 0 ? 3 : 1;
        jobs.add(new Faulty(prompt + injection.marker(runs), Optional.of(injection), runs));
      } else {
        jobs.add(new Faulty(prompt, Optional.empty(), 0));
      }
    }
    return jobs;
  }

  private Map<String, Faulty> submit(Cluster cluster, List<Faulty> jobs) throws Exception {
    Submitter submitter = new Submitter(cluster.http, cluster.url, cluster.key);
    Map<String, Faulty> accepted = new ConcurrentHashMap<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        int first = client;
        running.add(
            clients.submit(
                () -> {
                  for (int n = first; n < jobs.size(); n += CLIENTS) {
                    Faulty job = jobs.get(n);
                    accepted.put(submitter.submit(body(job), deadline), job);
                  }
                  return null;
                }));
      }
      for (Future<?> client : running) {
        client.get(3, TimeUnit.MINUTES);
      }
    }
    return accepted;
  }

  private static ObjectNode body(Faulty job) {
    ObjectNode body =
        Json.object().put("model", "qwen3:14b").put("kind", "generate").put("prompt", job.prompt());
    // Nothing but the timeout ends an answer without end.
    boolean endless = job.injection().filter(it -> it.kind() == FaultKind.ENDLESS).isPresent();
    return endless ? body.put("timeout", "2s") : body;
  }

  /** A job may be spared a run that fails it, where the engine was lost under another one first. */
  private static void assertEnded(Faulty job, JsonNode ended, JobList list) throws Exception {
    boolean failed = ended.path("state").asText().equals("failed");
    if (failed) {
      assertThat(job.fails()).as("%s: %s", job, ended).isTrue();
      assertThat(lastCause(ended)).as("%s: %s", job, ended).isEqualTo(code(job));
      return;
    }
    assertThat(ended.path("state").asText()).as("%s: %s", job, ended).isEqualTo("completed");
    if (job.fails()) {
      assertThat(list.explained(ended.path("id").asText()).at("/steps"))
          .as("%s: %s", job, ended)
          .anyMatch(step -> step.path("code").asText().equals(LOST));
    }
  }

  /** Under a poisoned job the last loss is told in words. */
  private static String lastCause(JsonNode ended) {
    Matcher last = LAST_CAUSE.matcher(ended.at("/error/message").asText());
    return last.find() ? last.group(1) : ended.at("/error/code").asText();
  }

  private static String code(Faulty job) {
    return job.injection().flatMap(Injection::failure).map(FailureCode::wireName).orElse("");
  }

  /** Every run that the engine spoiled is a counted retry or a job that failed. */
  private static void assertCounted(
      Map<String, Faulty> jobs,
      Map<String, JsonNode> ended,
      CountedWorker worker,
      EngineSim engine) {
    Map<String, Long> injected = new TreeMap<>();
    Map<String, Long> counted = new TreeMap<>(worker.retries());
    jobs.forEach(
        (id, job) -> {
          if (!code(job).isEmpty()) {
            long spoiled = Math.min(job.runs(), engine.runs(job.prompt()));
            injected.merge(code(job), spoiled, Long::sum);
          }
          if (ended.get(id).path("state").asText().equals("failed")) {
            counted.merge(lastCause(ended.get(id)), 1L, Long::sum);
          }
        });
    LOG.info("injected {}, counted {}", injected, counted);
    long lost = Optional.ofNullable(counted.remove(LOST)).orElse(0L);
    long untold = 0;
    Set<String> codes = new TreeSet<>(injected.keySet());
    codes.addAll(counted.keySet());
    for (String code : codes) {
      long made = injected.getOrDefault(code, 0L);
      long told = counted.getOrDefault(code, 0L);
      if (LOOSE.stream().noneMatch(loose -> loose.wireName().equals(code))) {
        assertThat(told).as("failed attempts by %s", code).isLessThanOrEqualTo(made);
      }
      untold += Math.max(0, made - told);
    }
    assertThat(untold).as("spoiled runs that were not told").isLessThanOrEqualTo(lost);
  }

  private static void assertSlotsFree(CountedWorker worker, EngineSim engine) {
    Awaitility.await("every slot to be free")
        .atMost(Duration.ofSeconds(30))
        .until(() -> worker.gauges().busy() == 0 && worker.gauges().parked() == 0);
    // Trouble lowers how many are used; none is lost for good.
    assertThat(worker.gauges().slotsMost()).isEqualTo(SLOTS);
    assertThat(worker.gauges().slots()).isBetween(1, SLOTS);
    assertThat(engine.stats().openMax()).isLessThanOrEqualTo(SLOTS);
    assertThat(engine.stats().open()).isZero();
    assertThat(engine.stats().reloads()).isZero();
  }
}
