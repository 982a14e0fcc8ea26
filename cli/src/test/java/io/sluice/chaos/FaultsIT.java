package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.FailureCode;
import io.sluice.cli.compose.CountedWorker;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.FaultKind;
import io.sluice.enginesim.SimConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

  /** Kinds that take no time of their own, since each hang takes seconds. */
  private static final List<FaultKind> BESIDE_HANGS =
      List.of(
          FaultKind.HANG_AFTER,
          FaultKind.EOF_AFTER,
          FaultKind.GARBAGE_AFTER,
          FaultKind.DONE_REASON,
          FaultKind.CUT,
          FaultKind.EMPTY_METRICS);

  private static final Pattern LAST_CAUSE = Pattern.compile("the last one by ([a-z_]+)");

  /**
   * Reasons that need no fault of the engine: a busy machine is late, and jobs that lost an engine
   * wait as for a busy one until they may run alone.
   */
  private static final List<FailureCode> LOOSE =
      List.of(FailureCode.ENGINE_BUSY, FailureCode.FIRST_TOKEN_TIMEOUT, FailureCode.TOKEN_TIMEOUT);

  /** How an attempt ends over which the engine was lost, before its own fault could tell. */
  private static final String LOST = FailureCode.ENGINE_LOST.wireName();

  private static final List<String> TIMEOUTS =
      List.of(FailureCode.FIRST_TOKEN_TIMEOUT.wireName(), FailureCode.TOKEN_TIMEOUT.wireName());

  @TempDir Path folder;

  private final Instant deadline = Instant.now().plus(Duration.ofMinutes(9));
  private final Random random = new Random(20_261_125);

  @Test
  void whatever_the_engine_does_every_job_ends_every_slot_is_free_and_every_reason_is_counted()
      throws Exception {
    try (Cluster cluster = new Cluster(folder, 0, Duration.ZERO)) {
      for (List<FaultKind> kinds : Injection.groups(KINDS)) {
        run(cluster, kinds);
      }
    }
  }

  /** Of each hang the whole engine is sick until its model is unloaded. */
  @Test
  void an_engine_that_hangs_in_one_job_of_twenty_is_cured_each_time_and_every_job_ends()
      throws Exception {
    try (Cluster cluster = new Cluster(folder, 0, Duration.ZERO)) {
      run(cluster, BESIDE_HANGS);
    }
  }

  private void run(Cluster cluster, List<FaultKind> kinds) throws Exception {
    Instant began = Instant.now();
    SimConfig config = SimConfig.DEFAULT.slots(SLOTS).answerTokens(12);
    try (EngineSim engine = EngineSim.start(config);
        CountedWorker worker =
            CountedWorker.start(cluster.rabbit, cluster.redis, List.of(engine.uri()), SLOTS)) {
      Map<String, Faulty> jobs =
          Faulty.submit(Faulty.drawn(kinds, JOBS, SHARE, random), cluster, deadline);
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
        assertEnded(job.getValue(), ended.get(job.getKey()), list, spared(kinds));
      }
      assertCounted(jobs, ended, worker, engine);
      assertCured(jobs, worker, engine);
      assertSlotsFree(worker, engine);
    }
  }

  /**
   * How the steps of a job tell that the engine was lost in one of its runs, before its own fault
   * could: by that name, or where the whole engine hangs as the one that answers for it.
   */
  private static List<String> spared(List<FaultKind> kinds) {
    return kinds.contains(FaultKind.HANG_AFTER)
        ? Stream.concat(Stream.of(LOST), TIMEOUTS.stream()).toList()
        : List.of(LOST);
  }

  /** A job may be spared a run that fails it, where the engine was lost under it first. */
  private static void assertEnded(Faulty job, JsonNode ended, JobList list, List<String> spared)
      throws Exception {
    boolean failed = ended.path("state").asText().equals("failed");
    if (failed) {
      assertThat(job.fails()).as("%s: %s", job, ended).isTrue();
      assertThat(lastCause(ended)).as("%s: %s", job, ended).isIn(job.causes());
      return;
    }
    assertThat(ended.path("state").asText()).as("%s: %s", job, ended).isEqualTo("completed");
    if (job.fails()) {
      assertThat(list.explained(ended.path("id").asText()).at("/steps"))
          .as("%s: %s", job, ended)
          .anyMatch(step -> spared.contains(step.path("code").asText()));
    }
  }

  /** Under a poisoned job the last loss is told in words. */
  private static String lastCause(JsonNode ended) {
    Matcher last = LAST_CAUSE.matcher(ended.at("/error/message").asText());
    return last.find() ? last.group(1) : ended.at("/error/code").asText();
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
          if (!job.causes().isEmpty()) {
            long spoiled = Math.min(job.runs(), engine.runs(job.prompt()));
            injected.merge(job.causes().getFirst(), spoiled, Long::sum);
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

  /** One hang takes all slots at most, and for each cure the circuit told why. */
  private static void assertCured(
      Map<String, Faulty> jobs, CountedWorker worker, EngineSim engine) {
    long hangs =
        jobs.values().stream()
            .filter(job -> job.is(FaultKind.HANG_AFTER))
            .mapToLong(job -> Math.min(job.runs(), engine.runs(job.prompt())))
            .sum();
    long cures = engine.stats().loads() - 1;
    Map<String, Long> openings = worker.openings(engine.uri());
    LOG.info("{} runs hung, cured by {} loads; openings {}", hangs, cures, openings);
    assertThat(cures * SLOTS).isGreaterThanOrEqualTo(hangs);
    assertThat(TIMEOUTS.stream().mapToLong(code -> openings.getOrDefault(code, 0L)).sum())
        .isGreaterThanOrEqualTo(cures);
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
