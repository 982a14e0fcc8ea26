package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobState;
import io.sluice.Jobs;
import org.junit.jupiter.api.Test;

/** Jobs wait unharmed for a model server that is not ready. */
class EngineGateTest extends WorkerRig {
  private static final Failure MISSING =
      new Failure(FailureCode.ENGINE_MODEL_MISSING, "no such model");

  @Test
  void nothing_is_pulled_until_a_probe_passes() {
    server.notReady(POOL, UNREACHABLE);
    server.notReady(OTHER, UNREACHABLE);
    server.answers(job -> ScriptedModelServer.answer("a"));
    Job job = submit(chat());
    start(2);
    eventually(() -> assertThat(server.probes).hasValueGreaterThan(4));
    assertThat(worker.gauges().engineReady()).isFalse();
    assertThat(store.claims).hasValue(0);
    assertThat(record(job).attempt()).isZero();

    server.ready(POOL);

    assertEnds(job, JobState.COMPLETED);
    assertThat(worker.gauges().ready()).containsExactly(POOL);
  }

  @Test
  void a_pool_without_its_model_stays_out_and_the_others_go_on() {
    server.notReady(POOL, MISSING);
    server.answers(job -> ScriptedModelServer.answer("a"));
    Job waits = submit(chat());
    Job runs = submit(Jobs.chat(clock.instant()).pool(OTHER).job());
    start(2);

    assertEnds(runs, JobState.COMPLETED);

    assertThat(record(waits).attempt()).isZero();
    eventually(
        () ->
            assertThat(worker.outages())
                .singleElement()
                .satisfies(
                    outage -> {
                      assertThat(outage.pool()).isEqualTo(POOL);
                      assertThat(outage.why()).isEqualTo(MISSING);
                    }));
  }

  @Test
  void after_an_unreachable_engine_nothing_is_pulled_until_it_is_back() {
    server.answers(job -> ScriptedModelServer.answer("a"));
    start(1);
    assertEnds(submit(chat()), JobState.COMPLETED);
    server.answers(job -> java.util.List.of());
    Job job = submit(patient(chat()));
    var answer = server.next();
    server.notReady(POOL, UNREACHABLE);
    server.notReady(OTHER, UNREACHABLE);
    int probes = server.probes.get();
    answer.fail(UNREACHABLE);
    eventually(() -> assertThat(server.probes).hasValueGreaterThan(probes + 4));
    Job later = submit(chat());
    assertThat(worker.gauges().ready()).isEmpty();
    assertThat(record(job).state()).isEqualTo(JobState.QUEUED);

    server.answers(next -> ScriptedModelServer.answer("b"));
    server.ready(POOL);
    server.ready(OTHER);

    assertEnds(job, JobState.COMPLETED);
    assertEnds(later, JobState.COMPLETED);
    assertThat(record(job).failures()).isZero();
    assertThat(record(job).losses()).isZero();
    assertThat(server.mostAtOnce()).isOne();
  }
}
