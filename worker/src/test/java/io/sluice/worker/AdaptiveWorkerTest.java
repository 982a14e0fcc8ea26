package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.worker.ScriptedModelServer.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A worker gives its model server fewer requests at a time after trouble, and more again later. */
class AdaptiveWorkerTest extends WorkerRig {
  private static final Failure BUSY = new Failure(FailureCode.ENGINE_BUSY, "server busy");

  private List<Job> submit(int count) {
    return Stream.generate(() -> submit(patient(chat()))).limit(count).toList();
  }

  private void submitBatch(int count) {
    for (int i = 0; i < count; i++) {
      submit(patient(Jobs.chat(clock.instant()).batch().job()));
    }
  }

  private List<Answer> nexts(int count) {
    return new ArrayList<>(Stream.generate(server::next).limit(count).toList());
  }

  private EngineGauges gauges() {
    return worker.gauges().engines().getFirst();
  }

  @Test
  void one_incident_halves_the_slots_once_and_what_runs_goes_on() {
    start(8);
    List<Job> jobs = submit(8);
    List<Answer> answers = nexts(8);
    answers.subList(0, 3).forEach(each -> each.fail(BUSY));
    eventually(() -> assertThat(gauges().slots()).isEqualTo(4));
    assertThat(gauges().busy()).isGreaterThanOrEqualTo(5);
    answers.subList(3, 8).forEach(Answer::done);
    nexts(3).forEach(Answer::done);
    jobs.forEach(job -> awaitState(job, JobState.COMPLETED));
    assertThat(gauges().slots()).isEqualTo(4);
    assertThat(gauges().slotsMost()).isEqualTo(8);
    assertThat(gauges().lowered())
        .isEqualTo(
            Map.of(SlotTrouble.BUSY, 1L, SlotTrouble.OUT_OF_MEMORY, 0L, SlotTrouble.SPILL, 0L));
  }

  @Test
  void no_more_run_than_there_are_slots_left_and_calm_at_full_use_brings_one_back() {
    start(4);
    submit(12);
    List<Answer> answers = nexts(4);
    answers.removeFirst().fail(BUSY);
    eventually(() -> assertThat(gauges().slots()).isEqualTo(2));
    answers.forEach(Answer::done);
    List<Answer> two = nexts(2);
    assertThat(gauges().busy()).isEqualTo(2);
    pass(AimdLimit.CALM);
    two.forEach(Answer::done);
    eventually(() -> assertThat(gauges().slots()).isEqualTo(3));
    nexts(3);
    eventually(() -> assertThat(gauges().busy()).isEqualTo(3));
  }

  @Test
  void batch_jobs_alone_which_leave_a_slot_free_bring_the_slots_back_too() {
    start(4);
    submitBatch(3);
    List<Answer> answers = nexts(3);
    answers.removeFirst().fail(BUSY);
    eventually(() -> assertThat(gauges().slots()).isEqualTo(2));
    answers.forEach(Answer::done);
    server.next().done();
    for (int slots = 2; slots < 4; slots++) {
      int more = slots + 1;
      pass(AimdLimit.CALM_AFTER_TROUBLE);
      submitBatch(2 * slots);
      for (int i = 0; i < 2 * slots; i++) {
        server.next().done();
      }
      eventually(() -> assertThat(gauges().slots()).isEqualTo(more));
    }
  }

  @Test
  void out_of_memory_lowers_them_too_and_the_job_runs_again() {
    start(4);
    Job job = submit(patient(chat()));
    server.next().fail(new Failure(FailureCode.ENGINE_OUT_OF_MEMORY, "out of memory"));
    server.next().done();
    awaitState(job, JobState.COMPLETED);
    assertThat(gauges().slots()).isEqualTo(2);
    assertThat(gauges().lowered()).containsEntry(SlotTrouble.OUT_OF_MEMORY, 1L);
  }

  @Test
  void whoever_sees_a_spill_lowers_those_of_that_server_alone() {
    start(
        List.of(
            new EngineConfig("engine-1", server, 4),
            new EngineConfig("engine-2", new ScriptedModelServer(), 4)),
        config());
    eventually(() -> assertThat(worker.servedBy("engine-2")).isNotEmpty());
    worker.trouble("engine-2", SlotTrouble.SPILL);
    worker.trouble("engine-3", SlotTrouble.SPILL);
    assertThat(worker.gauges().engines()).extracting(EngineGauges::slots).containsExactly(4, 2);
    assertThat(worker.gauges().slots()).isEqualTo(6);
    assertThat(worker.gauges().slotsMost()).isEqualTo(8);
  }

  @Test
  void a_spill_on_an_engine_that_serves_nothing_because_of_it_lowers_nothing() {
    Failure spilled = new Failure(FailureCode.ENGINE_MISPLACED, "it spilled");
    server.notReady(POOL, spilled);
    server.notReady(OTHER, spilled);
    start(8);
    eventually(() -> assertThat(unserved).contains(FailureCode.ENGINE_MISPLACED));
    worker.trouble("engine-1", SlotTrouble.SPILL);
    assertThat(gauges().slots()).isEqualTo(8);

    server.ready(POOL);
    eventually(() -> assertThat(worker.gauges().ready()).contains(POOL));
    worker.trouble("engine-1", SlotTrouble.SPILL);
    assertThat(gauges().slots()).isEqualTo(4);
  }

  @Test
  void what_is_no_trouble_of_the_slots_does_not_lower_them() {
    start(4);
    Job job = submit(patient(chat()));
    server.next().fail(BROKEN);
    server.next().fail(CRASHED);
    server.next().done();
    awaitState(job, JobState.COMPLETED);
    assertThat(gauges().slots()).isEqualTo(4);
  }

  @Test
  void a_single_slot_stays() {
    start(1);
    Job job = submit(patient(chat()));
    server.next().fail(BUSY);
    pass(Duration.ofSeconds(10));
    server.next().done();
    awaitState(job, JobState.COMPLETED);
    assertThat(gauges().slots()).isOne();
  }
}
