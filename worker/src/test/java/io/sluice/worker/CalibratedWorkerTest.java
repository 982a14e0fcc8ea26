package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobState;
import io.sluice.worker.ScriptedModelServer.Answer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A worker that first finds out how many requests at a time are best. */
class CalibratedWorkerTest extends WorkerRig {
  private void startCalibrated(int slots) {
    start(List.of(new EngineConfig("engine-1", server, slots, Optional.empty(), true)), config());
  }

  private List<Answer> nexts(int count) {
    return Stream.generate(server::next).limit(count).toList();
  }

  private static void speak(Answer answer) {
    answer.text("two");
    answer.text(" words");
    answer.done();
  }

  private EngineGauges gauges() {
    return worker.gauges().engines().getFirst();
  }

  @Test
  void jobs_are_pulled_only_after_it() {
    Job job = submit(chat());
    startCalibrated(2);
    for (int requests : new int[] {1, 2}) {
      List<Answer> measured = nexts(requests);
      assertThat(measured).noneMatch(each -> each.job.id().equals(job.id()));
      assertThat(gauges().busy()).isEqualTo(2);
      assertThat(worker.gauges().ready()).isEmpty();
      assertThat(store.claims).hasValue(0);
      measured.forEach(CalibratedWorkerTest::speak);
    }
    Answer answer = server.next();
    assertThat(answer.job.id()).isEqualTo(job.id());
    answer.done();
    awaitState(job, JobState.COMPLETED);
    assertThat(gauges().tokensPerSecond()).containsOnlyKeys(1, 2).doesNotContainValue(Double.NaN);
    assertThat(server.mostAtOnce()).isLessThanOrEqualTo(2);
  }

  @Test
  void meanwhile_it_is_said_that_it_is_measured_and_not_that_it_does_not_answer() {
    start(
        List.of(new EngineConfig("engine-1", server, 2, Optional.empty(), true)),
        WorkerConfig.of("worker-1", Set.of(POOL)).with(config().pace()));
    Answer measured = server.next();
    assertThat(worker.outages())
        .singleElement()
        .satisfies(it -> assertThat(it.why().message()).contains("measured"));
    assertThat(worker.circuits()).extracting(Circuit::state).containsOnly(Circuit.State.HALF_OPEN);
    speak(measured);
    nexts(2).forEach(CalibratedWorkerTest::speak);
    eventually(() -> assertThat(worker.outages()).isEmpty());
  }

  @Test
  void a_failure_on_the_way_bounds_the_slots_and_jobs_run_after_another_probe() {
    startCalibrated(4);
    speak(server.next());
    List<Answer> two = nexts(2);
    int probes = server.probes.get();
    two.getFirst().fail(new Failure(FailureCode.ENGINE_OUT_OF_MEMORY, "out of memory"));
    speak(two.getLast());
    Job job = submit(chat());
    server.next().done();
    awaitState(job, JobState.COMPLETED);
    assertThat(server.probes).hasValueGreaterThan(probes);
    assertThat(gauges().slots()).isOne();
    assertThat(gauges().slotsMost()).isOne();
    assertThat(gauges().tokensPerSecond().get(2)).isNaN();
  }

  @Test
  void the_worker_stops_in_the_middle_of_it() {
    startCalibrated(4);
    Answer measured = server.next();
    worker.close();
    measured.awaitClose();
    eventually(() -> assertThat(gauges().busy()).isZero());
    assertThat(server.isIdle()).isTrue();
  }

  @Test
  void a_single_slot_needs_none() {
    startCalibrated(1);
    Job job = submit(chat());
    assertThat(server.next().job.id()).isEqualTo(job.id());
    assertThat(gauges().tokensPerSecond()).isEmpty();
  }
}
