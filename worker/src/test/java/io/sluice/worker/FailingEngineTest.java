package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model server that answers every job with an error, and at once, must not use them all up. */
class FailingEngineTest extends WorkerRig {
  private static Failure failure(FailureCode code) {
    return new Failure(code, "the engine fails whatever it is asked");
  }

  private List<Job> submit(int count) {
    return Stream.generate(() -> submit(often(chat()))).limit(count).toList();
  }

  /** One job may have all failures of a row. */
  private static Job often(Job job) {
    RetryPolicy retry = new RetryPolicy(10, Duration.ofMillis(1), Duration.ofMillis(2));
    return with(job, job.timeout(), retry);
  }

  private void failsEverything(ScriptedModelServer broken, Failure why) {
    broken.answers(job -> List.of(new Generation.Piece.Failed(why)));
  }

  @ParameterizedTest
  @EnumSource(names = {"ENGINE_ERROR", "ENGINE_PROTOCOL", "ENGINE_ENDED_EARLY", "ENGINE_BUSY"})
  void after_a_row_of_failures_jobs_wait_until_a_probe_passes(FailureCode code) {
    start(1);
    eventually(() -> assertThat(worker.gauges().ready()).contains(POOL));
    Failure why = failure(code);
    server.notReady(POOL, why);
    failsEverything(server, why);
    List<Job> jobs = submit(10);
    eventually(() -> assertThat(unserved).contains(code));
    int requests = FailureStreaks.MOST;
    int probes = server.probes.get();
    eventually(() -> assertThat(server.probes).hasValueGreaterThan(probes + 4));
    assertThat(jobs.stream().mapToInt(job -> server.requests(job.id())).sum()).isEqualTo(requests);

    server.answers(job -> ScriptedModelServer.answer("a"));
    server.ready(POOL);

    jobs.forEach(job -> assertEnds(job, JobState.COMPLETED));
  }

  @Test
  void jobs_go_to_the_engine_that_works_and_not_to_the_one_that_is_always_free() {
    ScriptedModelServer broken = new ScriptedModelServer();
    failsEverything(broken, BROKEN);
    server.answers(job -> ScriptedModelServer.answer("a"));
    start(
        List.of(new EngineConfig("engine-1", broken, 2), new EngineConfig("engine-2", server, 2)),
        config());
    eventually(() -> assertThat(worker.servedBy("engine-1")).contains(POOL));
    broken.notReady(POOL, BROKEN);
    List<Job> jobs = submit(30);
    jobs.forEach(job -> assertEnds(job, JobState.COMPLETED));
  }

  @ParameterizedTest
  @EnumSource(names = {"ENGINE_ERROR", "ENGINE_CRASHED"})
  void an_engine_that_passes_its_probes_and_fails_all_jobs_gets_fewer_and_fewer(FailureCode code) {
    ScriptedModelServer broken = new ScriptedModelServer();
    failsEverything(broken, failure(code));
    server.answers(job -> ScriptedModelServer.answer("a"));
    start(
        List.of(new EngineConfig("engine-1", broken, 1), new EngineConfig("engine-2", server, 1)),
        config().with(probing(Duration.ofMinutes(10))));
    eventually(() -> assertThat(worker.circuits()).allMatch(Circuit::isClosed));
    List<Job> jobs = submit(40);
    jobs.forEach(job -> assertEnds(job, JobState.COMPLETED));
    assertThat(jobs.stream().mapToInt(job -> broken.requests(job.id())).sum())
        .isLessThanOrEqualTo(2 * FailureStreaks.MOST);
  }

  /** After a failed probe, or a second opening in a row. */
  private WorkerConfig.Pace probing(Duration after) {
    WorkerConfig.Pace pace = config().pace();
    return new WorkerConfig.Pace(
        pace.renewal(), pace.idleLook(), pace.parkAtMost(), pace.flush(), after, after);
  }

  @Test
  void failures_between_answers_are_no_row() {
    start(1);
    for (int i = 0; i < 2 * FailureStreaks.MOST; i++) {
      Job job = submit(patient(chat()));
      server.next().fail(BROKEN);
      server.next().done();
      awaitState(job, JobState.COMPLETED);
    }
    assertThat(unserved).isEmpty();
  }

  @Test
  void what_is_wrong_with_the_jobs_themselves_does_not_doubt_the_engine() {
    start(1);
    Failure why = failure(FailureCode.INVALID_REQUEST);
    failsEverything(server, why);
    List<Job> jobs = submit(2 * FailureStreaks.MOST);
    jobs.forEach(job -> awaitState(job, JobState.FAILED));
    assertThat(unserved).isEmpty();
  }

  @Test
  void a_row_in_one_pool_leaves_the_others_open() {
    start(1);
    eventually(() -> assertThat(worker.gauges().ready()).contains(POOL, OTHER));
    server.notReady(POOL, BROKEN);
    server.answers(
        job ->
            job.pool().equals(POOL)
                ? List.of(new Generation.Piece.Failed(BROKEN))
                : ScriptedModelServer.answer("a"));
    submit(3);
    eventually(() -> assertThat(worker.gauges().ready()).containsExactly(OTHER));
    assertEnds(submit(Jobs.chat(clock.instant()).pool(OTHER).job()), JobState.COMPLETED);
  }
}
