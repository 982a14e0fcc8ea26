package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Job;
import io.sluice.JobState;
import io.sluice.worker.EngineConfig.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A worker whose engine is bounded by tokens; each job of the test may need 519. */
class BudgetedWorkerTest extends WorkerRig {
  private void start(Tokens tokens) {
    start(List.of(new EngineConfig("engine-1", server, 4, Optional.of(tokens))), config());
    eventually(() -> assertThat(worker.gauges().ready()).containsExactlyInAnyOrder(POOL, OTHER));
  }

  private List<Job> submit(int jobs) {
    List<Job> all = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      all.add(submit(chat()));
    }
    return all;
  }

  @Test
  void no_more_jobs_run_than_their_prompts_and_longest_outputs_fit() {
    start(new Tokens(1100, false));
    List<Job> jobs = submit(6);
    for (int i = 0; i < jobs.size(); i++) {
      server.next().done();
    }
    jobs.forEach(job -> assertEnds(job, JobState.COMPLETED));
    assertThat(server.mostAtOnce()).isLessThanOrEqualTo(2);
    eventually(() -> assertThat(worker.gauges().busy()).isZero());
  }

  @Test
  void as_many_run_at_once_as_fit() {
    start(new Tokens(1100, false));
    submit(3);
    var first = server.next();
    var second = server.next();
    assertThat(first.job).isNotEqualTo(second.job);
    eventually(() -> assertThat(tokens()).contains(new EngineGauges.Tokens(2 * 519, 1100)));
    first.done();
    second.done();
    server.next().done();
    eventually(() -> assertThat(tokens()).contains(new EngineGauges.Tokens(0, 1100)));
  }

  private Optional<EngineGauges.Tokens> tokens() {
    return worker.gauges().engines().getFirst().tokens();
  }

  @Test
  void what_the_engine_says_of_its_room_counts_where_nobody_set_it() {
    server.cacheTokens = OptionalLong.of(2000);
    start(new Tokens(600, true));
    submit(3);
    for (int i = 0; i < 3; i++) {
      server.next();
    }
    assertThat(server.mostAtOnce()).isEqualTo(3);
  }

  @Test
  void a_job_that_waits_for_room_is_given_back_unharmed_when_the_worker_stops() {
    start(new Tokens(800, false));
    Job small = submit(small(chat()));
    server.next().done();
    assertEnds(small, JobState.COMPLETED);
    List<Job> jobs = submit(2);
    Job runs = server.next().job;
    Job waits = jobs.stream().filter(job -> !job.id().equals(runs.id())).findAny().orElseThrow();
    eventually(() -> assertThat(worker.gauges().busy()).isEqualTo(2));
    worker.drain(Duration.ofMillis(50));
    assertThat(record(waits).state()).isEqualTo(JobState.QUEUED);
    assertThat(record(waits).attempt()).isZero();
    assertThat(server.requests(waits.id())).isZero();
    worker = null;
    server.answers(job -> ScriptedModelServer.answer("at last"));
    start(new Tokens(800, false));
    assertEnds(waits, JobState.COMPLETED);
  }

  /** The same for 27 tokens, so that the next slots are given for small jobs. */
  private static Job small(Job job) {
    return new Job(
        job.id(),
        job.tenant(),
        job.principal(),
        job.session(),
        job.kind(),
        job.pool(),
        job.jobClass(),
        job.request(),
        job.promptTokens(),
        20,
        job.createdAt(),
        job.startBy(),
        job.finishBy(),
        job.timeout(),
        job.retry(),
        job.metadata(),
        job.webhook(),
        job.idempotency(),
        job.traceparent());
  }
}
