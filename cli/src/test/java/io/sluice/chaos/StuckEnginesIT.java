package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.FailureCode;
import io.sluice.cli.compose.CountedWorker;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.Fault;
import io.sluice.enginesim.FaultKind;
import io.sluice.enginesim.SimConfig;
import io.sluice.worker.Circuit;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two engines of one worker that get stuck again and again, so that only an operator helps: the
 * other one goes on meanwhile, every job ends, and no slot is lost. One job of two hundred has it,
 * and not one of twenty, since each such incident is an operator's work.
 */
class StuckEnginesIT {
  private static final Logger LOG = LoggerFactory.getLogger(StuckEnginesIT.class);
  private static final int JOBS = 2_000;
  private static final int SLOTS = 8;

  /** Incidents of each engine, which come while there is enough left to do. */
  private static final int INCIDENTS = 5;

  private static final Fault STUCK =
      Fault.always(FaultKind.STUCK_AFTER, 2).probability(0.02).times(INCIDENTS);

  @TempDir Path folder;

  private final Instant deadline = Instant.now().plus(Duration.ofMinutes(6));

  @Test
  void engines_that_only_a_restart_helps_lose_no_job_and_no_slot_and_the_circuit_says_why()
      throws Exception {
    SimConfig config =
        SimConfig.DEFAULT
            .slots(SLOTS)
            .answerTokens(12)
            .timing(SimConfig.Timing.NONE.perToken(Duration.ofMillis(5)));
    try (Cluster cluster = new Cluster(folder, 0, Duration.ZERO);
        EngineSim one = EngineSim.start(config);
        EngineSim other = EngineSim.start(config);
        CountedWorker worker =
            CountedWorker.start(
                cluster.rabbit, cluster.redis, List.of(one.uri(), other.uri()), SLOTS)) {
      List<EngineSim> engines = List.of(one, other);
      engines.forEach(engine -> engine.faults(STUCK));
      Operator operator = new Operator(worker, engines);
      run(cluster, operator);
      engines.forEach(engine -> engine.faults());
      operator.awaitAllWell();
      for (EngineSim engine : engines) {
        assertTold(worker.openings(engine.uri()), operator.restarts(engine));
        assertThat(engine.stats().openMax()).isLessThanOrEqualTo(SLOTS);
        assertThat(engine.stats().open()).isZero();
      }
      assertThat(worker.retries()).containsKey(FailureCode.ENGINE_LOST.wireName());
      assertThat(worker.gauges().slots()).isEqualTo(2 * SLOTS);
    }
  }

  private void run(Cluster cluster, Operator operator) throws Exception {
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
              operator.look();
              return list.allEnded();
            });
    Map<String, JsonNode> ended = list.all();
    LOG.info(
        "{} jobs in {} s, {}",
        ended.size(),
        Duration.between(began, Instant.now()).toSeconds(),
        operator);
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

  /**
   * Starts an engine again when the worker says that it is stuck, but not before the other one has
   * answered meanwhile, where that is not out as well.
   */
  private static final class Operator {
    private final CountedWorker worker;
    private final Map<String, EngineSim> engines = new HashMap<>();
    private final Map<String, Integer> restarts = new HashMap<>();

    /** Openings of its circuit that a restart was the answer to. */
    private final Map<String, Long> answeredTo = new HashMap<>();

    /** What the other one had answered when an engine was found stuck. */
    private final Map<String, Long> answered = new HashMap<>();

    Operator(CountedWorker worker, List<EngineSim> engines) {
      this.worker = worker;
      engines.forEach(engine -> this.engines.put(engine.uri().getAuthority(), engine));
    }

    int restarts(EngineSim engine) {
      return restarts.getOrDefault(engine.uri().getAuthority(), 0);
    }

    void look() {
      List<String> stuck =
          worker.circuits().stream().filter(this::isStuck).map(Circuit::engine).toList();
      boolean both = stuck.size() == engines.size();
      for (String engine : stuck) {
        long now = other(engine).stats().completed();
        if (both || now > answered.computeIfAbsent(engine, first -> now)) {
          engines.get(engine).restart();
          restarts.merge(engine, 1, Integer::sum);
          answeredTo.put(engine, openings(engine));
          answered.remove(engine);
        }
      }
    }

    void awaitAllWell() {
      Awaitility.await("both engines to be served, with every slot free")
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                look();
                return worker.circuits().stream()
                        .allMatch(circuit -> circuit.state() == Circuit.State.CLOSED)
                    && worker.gauges().busy() == 0
                    && worker.gauges().parked() == 0;
              });
    }

    private EngineSim other(String engine) {
      return engines.entrySet().stream()
          .filter(each -> !each.getKey().equals(engine))
          .map(Map.Entry::getValue)
          .findFirst()
          .orElseThrow();
    }

    /** Not where the worker has yet to find out that it was started again. */
    private boolean isStuck(Circuit circuit) {
      return circuit.why().filter(why -> why.code() == FailureCode.ENGINE_STUCK).isPresent()
          && openings(circuit.engine()) > answeredTo.getOrDefault(circuit.engine(), 0L);
    }

    private long openings(String engine) {
      return worker
          .openings(engines.get(engine).uri())
          .getOrDefault(FailureCode.ENGINE_STUCK.wireName(), 0L);
    }

    @Override
    public String toString() {
      return "restarts " + restarts;
    }
  }
}
