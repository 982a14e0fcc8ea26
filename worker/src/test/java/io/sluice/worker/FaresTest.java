package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.Pool;
import io.sluice.Subscription;
import io.sluice.worker.ScriptedModelServer.Answer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a worker says to the order of lanes. */
class FaresTest extends WorkerRig {
  private final List<LaneOrder.Charge> charges = new CopyOnWriteArrayList<>();

  @Override
  LaneOrder order() {
    LaneOrder real = ports.laneOrder();
    return new LaneOrder() {
      @Override
      public Future<Void> offered(Lane lane, Share share) {
        return real.offered(lane, share);
      }

      @Override
      public Future<Optional<Turn>> next(Ask ask) {
        return ask.classes().contains(JobClass.BATCH) ? real.next(ask) : interactive(real, ask);
      }

      @Override
      public Future<Void> emptied(Turn turn) {
        return real.emptied(turn);
      }

      @Override
      public Future<Void> charge(Turn turn, Charge charge) {
        charges.add(charge);
        return Future.succeededFuture();
      }

      @Override
      public Subscription watch(Set<Pool> pools, Runnable wake) {
        return real.watch(pools, wake);
      }
    };
  }

  /** Whatever the real one makes of the classes. */
  private static Future<Optional<LaneOrder.Turn>> interactive(LaneOrder real, LaneOrder.Ask ask) {
    return real.next(ask)
        .compose(
            turn ->
                turn.isEmpty() || turn.get().lane().label().contains("/interactive")
                    ? Future.succeededFuture(turn)
                    : real.emptied(turn.get()).compose(cooled -> interactive(real, ask)));
  }

  @Test
  void a_turn_is_charged_when_its_job_is_claimed_and_corrected_when_it_is_over() {
    start(1);
    Job job = submit(chat());
    Answer answer = server.next();
    await().atMost(WITHIN).until(() -> charges.size() == 1);
    long estimate = charges.getFirst().estimate();
    assertThat(charges.getFirst()).isEqualTo(new LaneOrder.Charge.Pulled(job.tenant(), estimate));
    assertThat(estimate).isPositive();
    answer.text("some");
    answer.done();
    awaitState(job, JobState.COMPLETED);
    await().atMost(WITHIN).until(() -> charges.size() == 2);
    assertThat(charges.getLast())
        .isInstanceOfSatisfying(
            LaneOrder.Charge.Ended.class,
            ended -> {
              assertThat(ended.estimate()).isEqualTo(estimate);
              assertThat(ended.used()).isPositive().isNotEqualTo(estimate);
            });
  }

  @Test
  void a_message_whose_job_is_over_costs_nothing() {
    Job job = submit(chat());
    io.sluice.Await.await(ports.store().cancel(job.id()));
    start(1);
    await().atMost(WITHIN).until(() -> charges.size() == 2);
    assertThat(charges.getLast())
        .isEqualTo(new LaneOrder.Charge.Ended(job.tenant(), charges.getFirst().estimate(), 0));
  }

  @Test
  void batch_leaves_one_slot_free_for_interactive_jobs() {
    start(2);
    Job one = submit(Jobs.chat().batch().job());
    Job two = submit(Jobs.chat().batch().job());
    Answer first = server.next();
    await()
        .during(Duration.ofMillis(600))
        .atMost(WITHIN)
        .until(() -> server.requests(one.id()) + server.requests(two.id()) == 1);
    Job urgent = submit(chat());
    Answer second = server.next();
    assertThat(server.requests(urgent.id())).isOne();
    second.done();
    first.done();
    server.next().done();
    assertEnds(one, JobState.COMPLETED);
    assertEnds(two, JobState.COMPLETED);
  }

  @Test
  void a_slot_that_gets_free_is_left_free_before_batch_has_the_next() {
    start(3);
    assertThat(worker.gauges().leftFree()).isOne();
    Job one = submit(Jobs.chat().batch().job());
    Job two = submit(Jobs.chat().batch().job());
    Answer first = server.next();
    Answer second = server.next();
    Job three = submit(Jobs.chat().batch().job());
    Job urgent = submit(chat());
    Answer third = server.next();
    assertThat(server.requests(urgent.id())).isOne();
    first.done();
    await()
        .during(Duration.ofMillis(600))
        .atMost(WITHIN)
        .until(() -> server.requests(three.id()) == 0);
    third.done();
    server.next().done();
    second.done();
    assertEnds(three, JobState.COMPLETED);
    assertEnds(one, JobState.COMPLETED);
    assertEnds(two, JobState.COMPLETED);
  }

  @Test
  void a_worker_of_one_slot_runs_batch_too() {
    start(1);
    assertThat(worker.gauges().leftFree()).isZero();
    Job job = submit(Jobs.chat().batch().job());
    server.next().done();
    assertEnds(job, JobState.COMPLETED);
  }
}
