package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Job;
import io.sluice.JobState;
import io.sluice.Jobs;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One worker with several model servers. */
class EnginesTest extends WorkerRig {
  private final ScriptedModelServer second = new ScriptedModelServer();

  private void startBoth(int slots) {
    start(
        List.of(
            new EngineConfig("engine-1", server, slots),
            new EngineConfig("engine-2", second, slots)),
        config());
    eventually(() -> assertThat(server.probes).hasValueGreaterThan(1));
    eventually(() -> assertThat(second.probes).hasValueGreaterThan(1));
    eventually(() -> assertThat(worker.gauges().ready()).containsExactlyInAnyOrder(POOL, OTHER));
    eventually(() -> assertThat(worker.gauges().busy()).isLessThan(2));
  }

  @Test
  void jobs_go_to_the_engine_that_has_the_least_to_do() {
    startBoth(2);
    for (int i = 0; i < 4; i++) {
      submit(chat());
    }
    eventually(() -> assertThat(worker.gauges().busy()).isEqualTo(4));
    for (ScriptedModelServer each : List.of(server, second)) {
      each.next();
      each.next();
      assertThat(each.mostAtOnce()).isEqualTo(2);
    }
  }

  @Test
  void while_one_engine_is_down_the_others_go_on_and_its_jobs_move() {
    startBoth(1);
    Job one = submit(patient(chat()));
    Job other = submit(patient(chat()));
    var dies = server.next();
    var lives = second.next();
    server.notReady(POOL, UNREACHABLE);
    server.notReady(OTHER, UNREACHABLE);
    second.answers(job -> ScriptedModelServer.answer("moved"));
    dies.fail(UNREACHABLE);
    lives.text("stayed");
    lives.done();
    assertEnds(one, JobState.COMPLETED);
    assertEnds(other, JobState.COMPLETED);
    assertThat(record(dies.job).ending().orElseThrow().output().text()).isEqualTo("moved");
    assertThat(record(lives.job).attempt()).isOne();
    assertThat(record(dies.job).failures() + record(dies.job).losses()).isZero();
    assertThat(server.requests(dies.job.id())).isOne();
    assertEnds(submit(chat()), JobState.COMPLETED);
  }

  @Test
  void each_engine_serves_what_its_own_probe_says() {
    server.notReady(OTHER, UNREACHABLE);
    second.notReady(POOL, UNREACHABLE);
    server.answers(job -> ScriptedModelServer.answer("first"));
    second.answers(job -> ScriptedModelServer.answer("second"));
    startBoth(1);
    for (int i = 0; i < 3; i++) {
      Job one = submit(chat());
      Job other = submit(Jobs.chat(clock.instant()).pool(OTHER).job());
      assertEnds(one, JobState.COMPLETED);
      assertEnds(other, JobState.COMPLETED);
      assertThat(record(one).ending().orElseThrow().output().text()).isEqualTo("first");
      assertThat(record(other).ending().orElseThrow().output().text()).isEqualTo("second");
      assertThat(record(one).attempt() + record(other).attempt()).isEqualTo(2);
    }
  }
}
