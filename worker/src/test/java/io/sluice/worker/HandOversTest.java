package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Conversation;
import io.sluice.Delivery;
import io.sluice.HandOver;
import io.sluice.Job;
import io.sluice.JobListener.Warmth;
import io.sluice.JobMessage;
import io.sluice.JobQueue;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.LaneOrder.Charge;
import io.sluice.LaneOrder.Turn;
import io.sluice.Pool;
import io.sluice.Subscription;
import io.sluice.WarmLanes;
import io.sluice.WarmSessions;
import io.sluice.worker.Generation.Piece;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** One worker of a fleet: what it gives to others, and what it does with what is given to it. */
class HandOversTest extends WorkerRig {
  private static final int TOKENS = 1000;
  private static final int OTHERS_LANE = 3;
  private static final int OWN_LANE = 5;
  private static final Duration NOW = Duration.ZERO;

  private final List<Charge> charges = new CopyOnWriteArrayList<>();
  private final List<Turn> charged = new CopyOnWriteArrayList<>();
  private final List<Lane> offered = new CopyOnWriteArrayList<>();
  private final BlockingQueue<JobMessage> handed = new LinkedBlockingQueue<>();
  private final BlockingQueue<Delivery> own = new LinkedBlockingQueue<>();
  private final Map<Conversation, Integer> served = new ConcurrentHashMap<>();
  private volatile Optional<Duration> othersWait = Optional.of(NOW);
  private volatile JobQueue.Publish answer = JobQueue.Publish.CONFIRMED;
  private volatile boolean reserves = true;
  private volatile Runnable wake = () -> {};

  private final class Fleet implements WarmSessions, WarmLanes {
    @Override
    public Future<Void> served(Conversation conversation, String worker, int tokens) {
      served.put(conversation, tokens);
      return Future.succeededFuture();
    }

    @Override
    public Future<Optional<Host>> find(Conversation conversation) {
      return Future.succeededFuture(
          conversation.session().equals("elsewhere")
              ? Optional.of(new Host("other", OTHERS_LANE, TOKENS, othersWait))
              : Optional.empty());
    }

    @Override
    public Future<Presence> present(String worker, Optional<Duration> expectedWait) {
      return Future.succeededFuture(new Presence(OptionalInt.of(OWN_LANE), false));
    }

    @Override
    public Future<Void> leave(String worker) {
      return Future.succeededFuture();
    }

    @Override
    public Future<Boolean> reserve(int lane, Duration within) {
      return Future.succeededFuture(reserves);
    }

    @Override
    public Future<Void> handed(String worker) {
      return Future.succeededFuture();
    }

    @Override
    public Subscription watch(String worker, Runnable woken) {
      wake = woken;
      return () -> {};
    }
  }

  @Override
  WorkerPorts workerPorts() {
    Fleet fleet = new Fleet();
    return new WorkerPorts(queue(), order(), store, store, fleet, fleet);
  }

  @Override
  JobQueue queue() {
    JobQueue real = ports.queue();
    return new JobQueue() {
      @Override
      public Future<Publish> publish(Lane lane, JobMessage message) {
        if (lane instanceof Lane.Warm warm) {
          assertThat(warm.number()).isEqualTo(OTHERS_LANE);
          handed.add(message);
          return Future.succeededFuture(answer);
        }
        return real.publish(lane, message);
      }

      @Override
      public Future<Optional<Delivery>> pull(Lane lane) {
        return lane.equals(new Lane.Warm(OWN_LANE))
            ? Future.succeededFuture(Optional.ofNullable(own.poll()))
            : real.pull(lane);
      }

      @Override
      public Future<Long> waiting(Lane lane) {
        return real.waiting(lane);
      }
    };
  }

  @Override
  LaneOrder order() {
    LaneOrder real = ports.laneOrder();
    return new LaneOrder() {
      @Override
      public Future<Void> offered(Lane lane, Share share) {
        offered.add(lane);
        return real.offered(lane, share);
      }

      @Override
      public Future<Optional<Turn>> next(Ask ask) {
        return real.next(ask);
      }

      @Override
      public Future<Void> emptied(Turn turn) {
        return real.emptied(turn);
      }

      @Override
      public Future<Void> charge(Turn turn, Charge charge) {
        charged.add(turn);
        charges.add(charge);
        return real.charge(turn, charge);
      }

      @Override
      public Subscription watch(Set<Pool> pools, Runnable woken) {
        return real.watch(pools, woken);
      }
    };
  }

  /** A worker that knows how long it takes to read a prompt of 1,000 tokens. */
  private void startKnowing(Duration reading) {
    start(1);
    Job stranger = submit(AffinityTest.sized(chat(), TOKENS));
    var first = server.next();
    first.text("so");
    first.say(new Piece.Done(false, AffinityTest.timed(TOKENS, 1, reading)));
    assertEnds(stranger, JobState.COMPLETED);
    eventually(() -> assertThat(charges).hasSize(2));
    charges.clear();
  }

  private Job turn() {
    Job job = Jobs.chat(clock.instant()).session("elsewhere").job();
    return AffinityTest.sized(job, TOKENS);
  }

  private JobMessage takeHanded() throws InterruptedException {
    JobMessage message = handed.poll(20, java.util.concurrent.TimeUnit.SECONDS);
    assertThat(message).isNotNull();
    return message;
  }

  @Test
  void a_turn_that_is_warm_elsewhere_is_put_there_with_its_turn_and_dropped_here()
      throws Exception {
    startKnowing(Duration.ofSeconds(2));
    Job job = submit(turn());
    JobMessage message = takeHanded();
    assertThat(message.job().id()).isEqualTo(job.id());
    HandOver how = message.handOver().orElseThrow();
    assertThat(how.within()).isEqualTo(Duration.ofSeconds(2));
    assertThat(how.turn().lane()).isEqualTo(new Lane.Ready(POOL, job.jobClass(), 0));
    eventually(() -> assertThat(placed).containsExactly(Warmth.HANDED));
    eventually(() -> assertThat(worker.gauges().busy()).isZero());
    assertThat(record(job).state()).isEqualTo(JobState.QUEUED);
    assertThat(charges).isEmpty();
    eventually(() -> assertThat(offered).contains(new Lane.Retry(job.pool(), job.jobClass())));
    assertNoMessagesLeft();
  }

  @Test
  void no_turn_is_away_for_more_than_five_seconds() throws Exception {
    startKnowing(Duration.ofHours(1));
    submit(turn());
    assertThat(takeHanded().handOver().orElseThrow().within()).isEqualTo(Lane.Warm.WAIT_MOST);
  }

  @Test
  void no_more_turns_are_away_than_the_worker_has_slots() throws Exception {
    startKnowing(Duration.ofHours(1));
    submit(turn());
    takeHanded();
    assertRunsHere(submit(turn()));
    assertThat(handed).isEmpty();
    eventually(() -> assertThat(offered).anyMatch(Lane.Retry.class::isInstance));
    submit(turn());
    takeHanded();
  }

  @Test
  void a_turn_stays_where_the_other_is_expected_to_take_longer_than_reading() {
    startKnowing(Duration.ofSeconds(2));
    othersWait = Optional.of(Duration.ofSeconds(2));
    assertRunsHere(submit(turn()));
    othersWait = Optional.empty();
    assertRunsHere(submit(turn()));
    assertThat(handed).isEmpty();
  }

  @Test
  void a_turn_stays_where_little_is_saved_or_nobody_knows_what() {
    start(1);
    assertRunsHere(submit(turn()));
    submit(AffinityTest.sized(chat(), TOKENS));
    var stranger = server.next();
    stranger.say(new Piece.Done(false, AffinityTest.timed(TOKENS, 1, Duration.ofMillis(1))));
    assertRunsHere(submit(turn()));
    assertThat(handed).isEmpty();
  }

  @Test
  void a_turn_runs_here_where_the_other_lane_is_full_or_does_not_confirm() {
    startKnowing(Duration.ofSeconds(2));
    reserves = false;
    assertRunsHere(submit(turn()));
    assertRunsHere(submit(turn()));
    assertThat(handed).isEmpty();
    reserves = true;
    answer = JobQueue.Publish.UNKNOWN;
    assertRunsHere(submit(turn()));
    assertThat(handed).hasSize(1);
    assertThat(placed).containsOnly(Warmth.MISSED).hasSize(3);
  }

  @Test
  void a_batch_is_not_handed_over() {
    startKnowing(Duration.ofSeconds(2));
    Job batch = Jobs.chat(clock.instant()).session("elsewhere").batch().job();
    assertRunsHere(submit(withSession(batch)));
    assertThat(handed).isEmpty();
  }

  private static Job withSession(Job batch) {
    assertThat(batch.session()).contains("elsewhere");
    return AffinityTest.sized(batch, TOKENS);
  }

  private void assertRunsHere(Job job) {
    var running = server.next();
    assertThat(running.job.id()).isEqualTo(job.id());
    running.text("here");
    // It says nothing of how long reading takes, and leaves nothing warm here.
    running.say(new Piece.Done(false, AffinityTest.timed(0, 0, Duration.ofMillis(1))));
    assertEnds(job, JobState.COMPLETED);
  }

  @Test
  void what_was_handed_to_this_worker_runs_and_is_charged_once_for_the_turn_that_it_came_with()
      throws Exception {
    startKnowing(Duration.ofSeconds(2));
    Turn turn = new Turn(new Lane.Ready(POOL, turn().jobClass(), 9), 77, 900);
    Job job = turn();
    // A message that came this way: put aside until the worker hears of it.
    ports.queue().publish(new Lane.Ready(POOL, job.jobClass(), 31), new JobMessage(job, 0));
    Delivery real = eventuallyPulled(new Lane.Ready(POOL, job.jobClass(), 31));
    own.add(new Marked(real, new JobMessage(job, 0).handedOver(new HandOver(turn, NOW))));
    charged.clear();
    eventually(
        () -> {
          wake.run();
          assertThat(own).isEmpty();
        });
    assertRunsHere(job);
    eventually(() -> assertThat(charged).containsExactly(turn, turn));
    assertThat(charges.get(0)).isInstanceOf(Charge.Pulled.class);
    assertThat(charges.get(1)).isInstanceOf(Charge.Ended.class);
    assertThat(handed).isEmpty();
    assertThat(placed).containsExactly(Warmth.MISSED);
    assertNoMessagesLeft();
  }

  private Delivery eventuallyPulled(Lane lane) {
    return org.awaitility.Awaitility.await()
        .atMost(WITHIN)
        .until(() -> io.sluice.Await.await(ports.queue().pull(lane)), Optional::isPresent)
        .orElseThrow();
  }

  @Test
  void the_fleet_hears_which_conversations_are_warm_here() {
    start(1);
    Job job = submit(AffinityTest.sized(Jobs.chat(clock.instant()).session("s").job(), TOKENS));
    server.next().done();
    assertEnds(job, JobState.COMPLETED);
    assertThat(served).containsExactly(Map.entry(Conversation.of(job).orElseThrow(), 10));
  }

  private record Marked(Delivery real, JobMessage message) implements Delivery {
    @Override
    public Lane lane() {
      return new Lane.Warm(OWN_LANE);
    }

    @Override
    public boolean redelivered() {
      return real.redelivered();
    }

    @Override
    public Future<Void> done() {
      return real.done();
    }

    @Override
    public Future<Void> retry(int attempt, Duration after) {
      return real.retry(attempt, after);
    }

    @Override
    public Future<Void> dead(String reason) {
      return real.dead(reason);
    }

    @Override
    public Future<Void> release() {
      return real.release();
    }
  }
}
