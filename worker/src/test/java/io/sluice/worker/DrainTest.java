package io.sluice.worker;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.Delivery;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.Lane;
import io.sluice.Leases;
import io.sluice.worker.ScriptedModelServer.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Stopping costs no job anything. */
class DrainTest extends WorkerRig {
  private static final Lane READY = Lane.of(POOL).get(2);

  @Test
  void what_runs_may_finish_and_nothing_new_is_pulled() {
    start(1);
    Job job = submit(chat());
    Answer answer = server.next();
    Job waits = submit(chat());
    var drained = CompletableFuture.supplyAsync(() -> worker.drain(WITHIN));
    eventually(() -> assertThat(worker.isServing()).isFalse());
    answer.text("in time");
    answer.done();
    assertThat(drained.join()).isEmpty();
    assertEnds(job, JobState.COMPLETED);
    assertThat(record(waits).attempt()).isZero();
    assertThat(server.requests(waits.id())).isZero();
  }

  @Test
  void what_does_not_finish_in_time_is_given_back_unharmed_and_at_once() {
    start(1);
    Job job = submit(chat());
    Answer answer = server.next();
    answer.text("half");

    assertThat(worker.drain(Duration.ofMillis(50))).containsExactly(job.id());

    answer.awaitClose();
    JobRecord record = record(job);
    assertThat(record.state()).isEqualTo(JobState.QUEUED);
    assertThat(record.failures()).isZero();
    assertThat(record.losses()).isZero();
    assertThat(retried).extracting(io.sluice.Failure::code).contains(FailureCode.WORKER_DRAINING);
    assertThat(await(ports.queue().pull(READY))).map(this::job).contains(job.id());

    pass(Duration.ofMillis(10));
    assertThat(await(ports.leases().claim(request(job)))).isInstanceOf(Leases.Claim.Granted.class);
  }

  private io.sluice.JobId job(Delivery delivery) {
    return delivery.message().job().id();
  }

  private static Leases.Request request(Job job) {
    return new Leases.Request(new io.sluice.JobMessage(job, 1), "worker-2", "nonce", false);
  }

  @Test
  void what_is_parked_goes_back_at_once() {
    Job held = submit(chat());
    heldBy("worker-2", held);
    start(1);
    eventually(() -> assertThat(worker.gauges().parked()).isOne());
    assertThat(worker.drain(WITHIN)).isEmpty();
    Optional<Delivery> back = await(ports.queue().pull(READY));
    assertThat(back).map(this::job).contains(held.id());
    assertThat(worker.gauges().parked()).isZero();
  }

  @Test
  void a_worker_without_a_store_or_an_engine_stops_too() {
    server.notReady(POOL, UNREACHABLE);
    Job other = io.sluice.Jobs.chat(clock.instant()).pool(OTHER).job();
    submit(other);
    store.isAway(true);
    start(
        1,
        config()
            .with(
                new WorkerConfig.Deadlines(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(50),
                    Duration.ofMillis(200))));
    eventually(() -> assertThat(store.refused).hasValueGreaterThan(1));
    assertThat(worker.drain()).containsExactly(other.id());
    eventually(
        () ->
            assertThat(await(ports.queue().pull(Lane.of(OTHER).get(2))))
                .map(this::job)
                .contains(other.id()));
  }

  @Test
  void draining_twice_is_draining_once_and_a_drained_worker_does_not_start() {
    start(2);
    assertThat(worker.drain(Duration.ZERO)).isEmpty();
    assertThat(worker.drain(WITHIN)).isEqualTo(List.of());
    worker.close();
    assertThatThrownBy(worker::start).isInstanceOf(IllegalStateException.class);
  }
}
