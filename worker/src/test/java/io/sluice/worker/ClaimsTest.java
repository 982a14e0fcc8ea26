package io.sluice.worker;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Delivery;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobEvent;
import io.sluice.JobListener;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.Leases;
import io.sluice.Output;
import io.sluice.Usage;
import io.sluice.worker.ScriptedModelServer.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who runs a job, and what becomes of the message when somebody else does. */
class ClaimsTest extends WorkerRig {
  @Test
  void the_message_of_an_ended_job_is_dropped_and_the_engine_not_asked() throws Exception {
    Job job = submit(chat());
    await(ports.store().cancel(job.id()));
    start(1);
    eventually(() -> assertThat(store.claims).hasValue(1));
    eventually(() -> assertThat(worker.gauges().busy()).isZero());
    assertThat(server.requests(job.id())).isZero();
    assertNoMessagesLeft();
    // Whoever cancelled it has told so.
    assertThat(endedFromOutside).isEmpty();
  }

  @Test
  void a_job_that_ends_at_its_claim_is_told_once() throws Exception {
    submit(Jobs.chat(clock.instant()).startBy(clock.instant().minusMillis(1)).job());
    start(1);
    eventually(() -> assertThat(endedFromOutside).containsExactly(JobState.EXPIRED));
    assertNoMessagesLeft();
  }

  @Test
  void a_job_that_another_holds_is_parked_without_a_slot_until_its_lease_ends() {
    Job held = submit(chat());
    heldBy("worker-2", held);
    start(1);
    eventually(() -> assertThat(worker.gauges().parked()).isOne());
    Job free = submit(chat());
    server.next().done();
    assertEnds(free, JobState.COMPLETED);
    assertThat(server.requests(held.id())).isZero();

    pass(Leases.LENGTH.plusSeconds(1));

    Answer second = server.next();
    second.text("second");
    second.done();
    assertEnds(held, JobState.COMPLETED);
    assertThat(record(held).losses()).isOne();
    assertThat(events(held.id()))
        .anySatisfy(event -> assertThat(event).isInstanceOf(JobEvent.Reset.class));
  }

  @Test
  void a_parked_job_whose_holder_finishes_is_settled_and_not_run_again() throws Exception {
    Job job = submit(chat());
    Leases.Lease lease = heldBy("worker-2", job);
    start(1);
    eventually(() -> assertThat(worker.gauges().parked()).isOne());
    await(ports.leases().finish(lease, new Ending.Completed(Output.NONE, new Usage(1, 0))));
    pass(Leases.LENGTH.plusSeconds(1));
    eventually(() -> assertThat(worker.gauges().parked()).isZero());
    eventually(() -> assertThat(worker.gauges().busy()).isZero());
    assertThat(server.requests(job.id())).isZero();
    assertNoMessagesLeft();
  }

  @Test
  void no_more_is_parked_than_there_are_slots_and_the_rest_climbs_the_ladder() {
    List<Job> held = IntStream.range(0, 5).mapToObj(n -> submit(chat())).toList();
    held.forEach(job -> heldBy("worker-2", job));
    start(2);
    eventually(() -> assertThat(store.claims).hasValue(5));
    eventually(() -> assertThat(worker.gauges().busy()).isZero());
    assertThat(worker.gauges().parked()).isEqualTo(2);

    server.answers(job -> ScriptedModelServer.answer("a"));
    pass(Leases.LENGTH.plusSeconds(20));

    held.forEach(job -> assertEnds(job, JobState.COMPLETED));
    assertThat(server.mostAtOnce()).isLessThanOrEqualTo(2);
  }

  @Test
  void a_job_that_is_handed_out_again_while_it_runs_here_goes_on_and_runs_once() throws Exception {
    start(2);
    Job job = submit(chat());
    Answer answer = server.next();
    publish(job);
    // The second message was taken over when its slot is free again, and the lane is empty.
    Job after = submit(chat());
    server.next().done();
    assertEnds(after, JobState.COMPLETED);
    eventually(() -> assertThat(worker.gauges().busy()).isOne());
    answer.text("once");
    answer.done();

    assertEnds(job, JobState.COMPLETED);

    assertThat(server.requests(job.id())).isOne();
    assertThat(worker.gauges().parked()).isZero();
    eventually(() -> assertThat(worker.gauges().busy()).isZero());
    assertNoMessagesLeft();
  }

  @Test
  void a_replaced_delivery_is_the_one_that_is_settled() {
    Job job = submit(chat());
    publish(job);
    var lane = io.sluice.Lane.of(POOL).get(2);
    Delivery older = await(ports.queue().pull(lane)).orElseThrow();
    Delivery newer = await(ports.queue().pull(lane)).orElseThrow();
    Holding holding = new Holding(older);
    assertThat(holding.replace(newer)).isTrue();
    holding.done();
    assertThat(older.done().failed()).isTrue();
    assertThat(newer.done().failed()).isTrue();
    assertThat(holding.replace(older)).isFalse();
  }

  @Test
  void an_attempt_that_was_overtaken_stops_and_writes_nothing_more() {
    start(1);
    Job job = submit(chat());
    Answer answer = server.next();
    answer.text("mine");
    eventually(() -> assertThat(text(events(job.id()))).isEqualTo("mine"));
    await(ports.store().end(job.id(), new Ending.Failed(BROKEN, Output.NONE, Usage.NONE)));
    answer.awaitClose();
    eventually(() -> assertThat(worker.gauges().busy()).isZero());
    assertThat(record(job).state()).isEqualTo(JobState.FAILED);
    assertThat(events(job.id())).last().isEqualTo(new JobEvent.End(JobState.FAILED));
    assertThat(ended).isEmpty();
  }

  @Test
  void one_suspect_runs_at_a_time_and_others_pass_it() {
    List<Job> suspects = IntStream.range(0, 3).mapToObj(n -> submit(chat())).toList();
    suspects.forEach(
        job -> await(ports.leases().requeue(heldBy("worker-2", job), clock.instant(), CRASHED)));
    pass(Duration.ofMillis(10));
    start(3);
    Answer first = server.next();
    eventually(() -> assertThat(worker.gauges().parked()).isEqualTo(2));
    Job innocent = submit(chat());
    Answer next = server.next();
    assertThat(next.job.id()).isEqualTo(innocent.id());
    next.done();
    assertEnds(innocent, JobState.COMPLETED);
    first.done();
    server.next().done();
    server.next().done();
    suspects.forEach(job -> assertEnds(job, JobState.COMPLETED));
    assertThat(worker.gauges().parked()).isZero();
  }

  @Test
  void a_suspect_that_waits_for_its_turn_can_be_cancelled() throws Exception {
    List<Job> suspects = IntStream.range(0, 2).mapToObj(n -> submit(chat())).toList();
    suspects.forEach(
        job -> await(ports.leases().requeue(heldBy("worker-2", job), clock.instant(), CRASHED)));
    pass(Duration.ofMillis(10));
    start(2);
    Answer first = server.next();
    eventually(() -> assertThat(worker.gauges().parked()).isOne());
    Job waiting =
        suspects.stream().filter(job -> !job.id().equals(first.job.id())).findFirst().orElseThrow();

    await(ports.store().cancel(waiting.id()));

    assertEnds(waiting, JobState.CANCELLED);
    assertThat(server.requests(waiting.id())).isZero();
    first.done();
    assertEnds(first.job, JobState.COMPLETED);
    assertNoMessagesLeft();
  }

  @Test
  void a_suspect_that_waits_for_its_turn_brings_its_lost_record_back() {
    Job waiting = suspectBehindAnother(2);
    loseEverything();
    awaitState(waiting, JobState.IN_PROGRESS);
    assertThat(server.requests(waiting.id())).isZero();
  }

  @Test
  void a_suspect_that_was_overtaken_while_it_waited_queues_for_a_slot() {
    Job waiting = suspectBehindAnother(2);
    submit(chat());
    Answer innocent = server.next();
    store.isAway(true);
    loseEverything();
    Failure drained = new Failure(FailureCode.WORKER_DRAINING, "the worker stops");
    await(truth.leases().requeue(heldBy("worker-2", waiting), clock.instant(), drained));
    store.isAway(false);
    Awaitility.await()
        .during(Duration.ofSeconds(1))
        .until(() -> server.requests(waiting.id()) == 0 && server.mostAtOnce() == 2);
    innocent.done();
    server.next().done();
    assertEnds(waiting, JobState.COMPLETED);
    assertThat(server.mostAtOnce()).isEqualTo(2);
  }

  /** The one of two suspects that waits, without a slot, for the end of the other. */
  private Job suspectBehindAnother(int slots) {
    List<Job> suspects = IntStream.range(0, 2).mapToObj(n -> submit(chat())).toList();
    suspects.forEach(
        job -> await(ports.leases().requeue(heldBy("worker-2", job), clock.instant(), CRASHED)));
    pass(Duration.ofMillis(10));
    start(slots);
    Job first = server.next().job;
    eventually(() -> assertThat(worker.gauges().parked()).isOne());
    return suspects.stream().filter(job -> !job.id().equals(first.id())).findFirst().orElseThrow();
  }

  @Test
  void a_worker_whose_clock_is_ahead_of_the_stores_does_not_claim_without_pause() {
    Job job = submit(chat());
    Failure drained = new Failure(FailureCode.WORKER_DRAINING, "the worker stops");
    await(ports.leases().requeue(heldBy("worker-2", job), clock.instant().plusSeconds(2), drained));
    server.answers(any -> ScriptedModelServer.answer("a"));
    worker =
        new Worker(
            new WorkerPorts(
                queue(), ports.laneOrder(), store, store, ports.warmSessions(), ports.warmLanes()),
            engines(1),
            config(),
            new JobListener() {},
            () -> clock.instant().plusSeconds(10));
    worker.start();
    assertEnds(job, JobState.COMPLETED);
    assertThat(store.claims.get()).isLessThan(20);
  }

  @Test
  void three_engines_lost_under_a_job_make_it_poison() throws Exception {
    start(1);
    Job job = submit(patient(chat()));
    for (int i = 0; i < Leases.MAX_LOSSES; i++) {
      server.next().fail(CRASHED);
    }
    assertEnds(job, JobState.FAILED);
    assertThat(code(job)).isEqualTo(FailureCode.POISON);
    assertThat(record(job).ending().flatMap(Ending::failure).map(Failure::message))
        .hasValueSatisfying(message -> assertThat(message).contains("engine_crashed"));
    assertThat(server.requests(job.id())).isEqualTo(3);
    assertNoMessagesLeft();
  }

  @Test
  void a_jobs_own_failures_are_tried_as_often_as_its_policy_says() {
    start(1);
    Job job = submit(patient(chat()));
    for (int i = 0; i < 3; i++) {
      Answer answer = server.next();
      answer.text("try " + i);
      answer.fail(BROKEN);
    }
    assertEnds(job, JobState.FAILED);
    assertThat(code(job)).isEqualTo(FailureCode.ENGINE_ERROR);
    assertThat(record(job).ending().orElseThrow().output().text()).isEqualTo("try 2");
    assertThat(record(job).attempt()).isEqualTo(3);
    assertThat(retried).hasSize(2);
  }

  @Test
  void what_cannot_get_better_is_not_tried_again() {
    start(1);
    Job job = submit(chat());
    server.next().fail(new Failure(FailureCode.CONTEXT_LENGTH_EXCEEDED, "9000 tokens of 8192"));
    assertEnds(job, JobState.FAILED);
    assertThat(record(job).attempt()).isOne();
  }

  @Test
  void a_long_wait_is_spent_on_the_ladder_and_not_in_hand() {
    Job job = submit(chat());
    await(ports.leases().requeue(heldBy("worker-2", job), clock.instant().plusSeconds(60), BROKEN));
    start(1);
    eventually(() -> assertThat(store.claims).hasValue(1));
    eventually(() -> assertThat(worker.gauges().busy()).isZero());
    assertThat(worker.gauges().parked()).isZero();
    server.answers(any -> ScriptedModelServer.answer("a"));
    pass(Duration.ofSeconds(70));
    assertEnds(job, JobState.COMPLETED);
    assertThat(record(job).ending().map(Ending::failure)).isEqualTo(Optional.of(Optional.empty()));
  }
}
