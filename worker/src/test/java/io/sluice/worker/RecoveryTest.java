package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobListener;
import io.sluice.JobState;
import io.sluice.Pool;
import io.sluice.worker.Circuit.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is done about an engine that hangs. */
class RecoveryTest extends WorkerRig {
  private static final Failure HANGS =
      new Failure(FailureCode.FIRST_TOKEN_TIMEOUT, "no token within the time");
  private static final Failure STUCK = new Failure(FailureCode.ENGINE_STUCK, "Stopping…");

  private final ScriptedModelServer second = new ScriptedModelServer();

  private WorkerConfig silence(Duration most) {
    return config()
        .with(
            new WorkerConfig.Deadlines(
                Duration.ofSeconds(60), most, Duration.ofSeconds(5), Duration.ofSeconds(5)));
  }

  private void awaitReady() {
    eventually(() -> assertThat(worker.gauges().ready()).containsExactlyInAnyOrder(POOL, OTHER));
    eventually(() -> assertThat(worker.gauges().busy()).isZero());
  }

  /** It hangs, and so does every probe, until its model is unloaded. */
  private void hangsUntilUnloaded(ScriptedModelServer engine) {
    engine.notReady(POOL, HANGS);
    engine.unloading =
        pool -> {
          engine.ready(pool);
          return new Unloading.Gone();
        };
  }

  private Circuit circuit(String engine) {
    return worker.circuits().stream()
        .filter(each -> each.engine().equals(engine) && each.pool().equals(POOL))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_hang_under_several_is_cured_by_unloading_before_any_probe() {
    start(4, silence(Duration.ofSeconds(2)));
    awaitReady();
    List<Job> jobs = IntStream.range(0, 4).mapToObj(n -> submit(patient(chat()))).toList();
    var hanging = IntStream.range(0, 4).mapToObj(n -> server.next()).toList();
    hangsUntilUnloaded(server);
    server.answers(job -> ScriptedModelServer.answer("cured"));
    int probes = server.probes.get();
    hanging.forEach(answer -> answer.text("so far"));

    jobs.forEach(job -> assertEnds(job, JobState.COMPLETED));

    assertThat(server.unloads).hasValue(1);
    assertThat(server.probes).hasValue(probes + 1);
    assertThat(circuit("engine-1").state()).isEqualTo(State.CLOSED);
    assertThat(jobs.stream().mapToInt(job -> record(job).losses()).sum()).isOne();
    eventually(() -> assertThat(worker.gauges().busy()).isZero());
  }

  @Test
  void an_engine_that_died_loads_its_model_by_itself() {
    start(1);
    awaitReady();
    Job job = submit(patient(chat()));
    var dies = server.next();
    server.answers(next -> ScriptedModelServer.answer("again"));
    dies.fail(CRASHED);
    assertEnds(job, JobState.COMPLETED);
    assertThat(server.unloads).hasValue(0);
  }

  @Test
  void an_engine_that_does_not_answer_a_probe_is_unloaded_before_the_next_one() {
    hangsUntilUnloaded(server);
    start(1);
    awaitReady();
    assertThat(server.unloads).hasValue(1);
  }

  @Test
  void an_engine_that_is_away_is_not_told_to_unload() {
    server.notReady(POOL, UNREACHABLE);
    start(1);
    int before = server.probes.get();
    eventually(() -> assertThat(server.probes).hasValueGreaterThan(before + 5));
    assertThat(server.unloads).hasValue(0);
    assertThat(circuit("engine-1").why()).contains(UNREACHABLE);
  }

  @Test
  void an_engine_that_cannot_let_go_of_its_model_stays_out_and_its_jobs_go_elsewhere() {
    server.notReady(POOL, HANGS);
    server.unloading = pool -> new Unloading.Stays(STUCK);
    second.answers(job -> ScriptedModelServer.answer("second"));
    server.answers(job -> ScriptedModelServer.answer("first"));
    start(
        List.of(new EngineConfig("engine-1", server, 1), new EngineConfig("engine-2", second, 1)),
        config());
    eventually(() -> assertThat(server.unloads).hasValueGreaterThan(2));
    for (int i = 0; i < 4; i++) {
      Job job = submit(chat());
      assertEnds(job, JobState.COMPLETED);
      assertThat(text(events(job.id()))).isEqualTo("second");
    }
    eventually(() -> assertThat(circuit("engine-1").why()).contains(STUCK));
    assertThat(circuit("engine-1").state()).isNotEqualTo(State.CLOSED);
    assertThat(unserved).contains(FailureCode.ENGINE_STUCK);

    server.ready(POOL);
    server.unloading = pool -> new Unloading.Gone();
    eventually(() -> assertThat(circuit("engine-1").state()).isEqualTo(State.CLOSED));
  }

  @Test
  void what_hangs_alone_costs_its_neighbours_nothing_unless_the_probe_hangs_too() {
    start(2, silence(Duration.ofSeconds(1)));
    awaitReady();
    Job job = submit(patient(chat()));
    Job other = submit(patient(chat()));
    var hangs = server.next();
    var lives = server.next();
    hangs.text("so far");
    hangsUntilUnloaded(server);
    server.answers(next -> ScriptedModelServer.answer("cured"));
    eventually(
        () -> {
          lives.text(" " + System.nanoTime());
          assertThat(hangs.isClosed()).isTrue();
        });
    assertThat(lives.isClosed()).isFalse();
    // From here it is silent too, and the probe gets no answer.
    assertEnds(job, JobState.COMPLETED);
    assertEnds(other, JobState.COMPLETED);
    assertThat(server.unloads).hasValueGreaterThan(0);
    assertThat(record(hangs.job).losses()).isOne();
    assertThat(record(lives.job).losses()).isZero();
  }

  @Test
  void a_model_that_answers_others_is_not_unloaded() {
    Engine engine =
        new Engine(
            new EngineConfig("engine-1", server, 2),
            config(),
            new Lifecycle(),
            clock,
            JobListener.NONE,
            () -> {},
            it -> Optional.empty());
    Recovery recovery = new Recovery(engine, Duration.ofSeconds(2));
    List<String> stopped = new ArrayList<>();
    Company.Member shares =
        engine
            .company()
            .join(
                Pool.parse(POOL.model() + "@32k"),
                Standing.PLAIN,
                () -> stopped.add("shares"),
                () -> true);
    assertThat(recovery.of(POOL)).isEmpty();
    shares.close();
    Company.Member speaks =
        engine.company().join(POOL, Standing.PLAIN, () -> stopped.add("speaks"), () -> true);
    speaks.heard();
    assertThat(recovery.of(POOL)).isEmpty();
    assertThat(server.unloads).hasValue(0);
    assertThat(stopped).isEmpty();
    speaks.close();
    assertThat(recovery.of(OTHER)).isEmpty();
    assertThat(server.unloads).hasValue(1);
  }
}
