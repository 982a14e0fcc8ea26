package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.Fault;
import io.sluice.enginesim.FaultKind;
import io.sluice.enginesim.SimConfig;
import io.sluice.worker.ollama.OllamaModelServer;
import io.sluice.worker.ollama.OllamaSettings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A worker on simulated engines that hang: the whole model, and not one request. */
class HungEngineTest extends WorkerRig {
  private static final int SLOTS = 4;

  private final List<EngineSim> sims = new ArrayList<>();
  private final List<ModelServer> clients = new ArrayList<>();

  private void startOn(int engines, Duration perToken) {
    List<EngineConfig> used = new ArrayList<>();
    for (int n = 1; n <= engines; n++) {
      EngineSim sim =
          EngineSim.start(
              SimConfig.DEFAULT
                  .slots(SLOTS)
                  .answerTokens(30)
                  .timing(SimConfig.Timing.NONE.perToken(perToken)));
      sims.add(sim);
      clients.add(client(sim.uri()));
      used.add(new EngineConfig("engine-" + n, clients.getLast(), SLOTS));
    }
    WorkerConfig config =
        WorkerConfig.of("worker-1", Set.of(POOL))
            .with(config().pace())
            .with(
                new WorkerConfig.Deadlines(
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5)));
    start(used, config);
    eventually(
        () -> assertThat(worker.circuits()).allMatch(it -> it.state() == Circuit.State.CLOSED));
  }

  private static ModelServer client(URI uri) {
    return new OllamaModelServer(
        uri,
        OllamaSettings.DEFAULT
            .grace(Duration.ofMillis(50), Duration.ofMillis(50))
            .probeDeadline(Duration.ofSeconds(2)));
  }

  @AfterEach
  void stop() {
    worker.close();
    clients.forEach(ModelServer::close);
    sims.forEach(EngineSim::close);
  }

  private Job saying(String prompt) {
    String request = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}";
    return patient(Jobs.chat(clock.instant()).request(request).job());
  }

  private List<Job> submit(int jobs) {
    return IntStream.range(0, jobs).mapToObj(n -> submit(patient(chat()))).toList();
  }

  private void assertAllEnd(List<Job> jobs, int losses) {
    jobs.forEach(job -> assertEnds(job, JobState.COMPLETED));
    assertThat(jobs).allSatisfy(job -> assertThat(record(job).failures()).isZero());
    assertThat(jobs.stream().mapToInt(job -> record(job).losses()).sum()).isEqualTo(losses);
    eventually(() -> assertThat(worker.gauges().busy()).isZero());
    assertThat(worker.gauges().slots()).isEqualTo(SLOTS * sims.size());
    for (EngineSim sim : sims) {
      assertThat(sim.stats().openMax()).isLessThanOrEqualTo(SLOTS);
    }
  }

  @Test
  void a_hang_under_four_jobs_that_only_unloading_cures_is_cured_and_costs_one_loss()
      throws Exception {
    startOn(1, Duration.ofMillis(100));
    EngineSim sim = sims.getFirst();
    List<Job> jobs = new ArrayList<>(submit(SLOTS - 1));
    eventually(() -> assertThat(sim.stats().running()).isEqualTo(SLOTS - 1));
    jobs.add(submit(saying("hello [[sim:hang_after=0]] [[sim:runs=1]]")));

    assertAllEnd(jobs, 1);

    assertThat(sim.stats().loads()).isEqualTo(2);
    assertThat(sim.stats().reloads()).isZero();
    assertNoMessagesLeft();
  }

  @Test
  void jobs_of_an_engine_that_is_stuck_for_ever_go_to_the_other_one() throws Exception {
    startOn(2, Duration.ofMillis(5));
    EngineSim stuck = sims.getFirst();
    stuck.faults(Fault.always(FaultKind.STUCK_AFTER, 2));
    List<Job> jobs = submit(20);
    jobs.forEach(job -> assertEnds(job, JobState.COMPLETED));
    eventually(
        () ->
            assertThat(worker.outages())
                .anyMatch(
                    it ->
                        it.engine().equals("engine-1")
                            && it.why().code() == FailureCode.ENGINE_STUCK));
    assertAllEnd(jobs, 1);
    assertThat(worker.gauges().ready()).containsExactly(POOL);

    stuck.faults();
    stuck.restart();
    eventually(() -> assertThat(worker.outages()).isEmpty());
  }
}
