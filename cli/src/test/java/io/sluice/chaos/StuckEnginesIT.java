package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.FailureCode;
import io.sluice.cli.compose.CountedWorker;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two engines of one worker, one of which is always stuck, so that only an operator helps: the
 * other one goes on meanwhile, every job ends, and no slot is lost. That is one job of two hundred,
 * and not one of twenty, since each such incident takes some six seconds and an operator.
 */
class StuckEnginesIT {
  private static final Logger LOG = LoggerFactory.getLogger(StuckEnginesIT.class);
  private static final int JOBS = 2_000;
  private static final int SLOTS = 8;
  private static final int INCIDENTS = 10;

  /** One engine alone is busy for a minute. */
  private static final Duration PER_TOKEN = Duration.ofMillis(20);

  @TempDir Path folder;

  private final Instant deadline = Instant.now().plus(Duration.ofMinutes(6));

  @Test
  void engines_that_only_a_restart_helps_lose_no_job_and_no_slot_and_the_circuit_says_why()
      throws Exception {
    SimConfig config =
        SimConfig.DEFAULT
            .slots(SLOTS)
            .answerTokens(12)
            .timing(SimConfig.Timing.NONE.perToken(PER_TOKEN));
    try (Cluster cluster = new Cluster(folder, 0, Duration.ZERO);
        EngineSim one = EngineSim.start(config);
        EngineSim other = EngineSim.start(config);
        CountedWorker worker =
            CountedWorker.start(
                cluster.rabbit, cluster.redis, List.of(one.uri(), other.uri()), SLOTS)) {
      Incidents incidents = new Incidents(worker, one, other, INCIDENTS);
      incidents.begin();
      run(cluster, incidents);
      incidents.awaitNone();
      for (EngineSim engine : List.of(one, other)) {
        assertTold(worker.openings(engine.uri()), incidents.restarts(engine));
        assertThat(engine.stats().openMax()).isLessThanOrEqualTo(SLOTS);
        assertThat(engine.stats().open()).isZero();
        assertThat(engine.stats().reloads()).isZero();
      }
      assertThat(worker.retries()).containsKey(FailureCode.ENGINE_LOST.wireName());
      assertThat(worker.gauges().slots()).isEqualTo(2 * SLOTS);
    }
  }

  private void run(Cluster cluster, Incidents incidents) throws Exception {
    Instant began = Instant.now();
    List<Faulty> plain =
        IntStream.range(0, JOBS).mapToObj(n -> Faulty.plain("stuck, number " + n)).toList();
    Map<String, Faulty> jobs = Faulty.submit(plain, cluster, deadline);
    JobList list = new JobList(cluster.http, cluster.url, cluster.key);
    Awaitility.await("every job to end")
        .atMost(Duration.between(Instant.now(), deadline))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              incidents.look();
              return list.allEnded();
            });
    Map<String, JsonNode> ended = list.all();
    LOG.info("{} jobs in {} s", ended.size(), Duration.between(began, Instant.now()).toSeconds());
    assertThat(ended.keySet()).isEqualTo(jobs.keySet());
    assertThat(ended.values())
        .allSatisfy(job -> assertThat(job.path("state").asText()).isEqualTo("completed"));
  }

  private static void assertTold(Map<String, Long> openings, int restarts) {
    LOG.info("{} restarts, openings {}", restarts, openings);
    assertThat(restarts).isPositive();
    assertThat(openings.getOrDefault(FailureCode.ENGINE_STUCK.wireName(), 0L))
        .isGreaterThanOrEqualTo(restarts);
  }
}
