package io.sluice.worker;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Fleet;
import io.sluice.Fleet.Wish;
import io.sluice.Job;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.ModelFacts;
import io.sluice.Unavailable;
import io.sluice.WorkerReport;
import io.sluice.WorkerReport.State;
import io.sluice.worker.ScriptedModelServer.Answer;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A worker that an operator drains, and takes back: no job is charged anything. */
class FleetMemberTest extends WorkerRig {
  private static final Duration OFTEN = Duration.ofMillis(20);
  private static final Wish SERVE = new Wish.Serve();

  private final Instant begun = Instant.ofEpochMilli(1);
  private final BrittleFleet fleet = new BrittleFleet();
  private Optional<FleetMember> member = Optional.empty();

  @AfterEach
  void leave() {
    member.ifPresent(FleetMember::close);
  }

  private void join(int slots) {
    start(slots);
    Worker.About about = new Worker.About("gpu-1", "1.2.3", begun);
    member = Optional.of(new FleetMember(fleet, worker, about, clock, OFTEN));
    member.get().start();
    eventually(() -> assertThat(reported().engines().getFirst().ready()).hasSize(2));
  }

  private WorkerReport reported() {
    List<Fleet.Member> all = await(ports.fleet().all());
    assertThat(all).hasSize(1);
    return all.getFirst().report();
  }

  private void wish(Wish wish) {
    assertThat(await(ports.fleet().wish("worker-1", wish))).isTrue();
  }

  private static Wish drain(Duration within) {
    return new Wish.Drain(within);
  }

  private void awaitReported(State state) {
    eventually(() -> assertThat(reported().state()).isEqualTo(state));
  }

  @Test
  void a_worker_is_known_with_what_it_does_until_it_leaves() {
    join(2);
    submit(chat());
    Answer answer = server.next();
    eventually(
        () ->
            assertThat(reported())
                .isEqualTo(
                    new WorkerReport(
                        "worker-1",
                        "gpu-1",
                        "1.2.3",
                        List.of(POOL, OTHER),
                        List.of(new WorkerReport.Engine("engine-1", 2, 1, List.of(POOL, OTHER))),
                        State.SERVING,
                        1,
                        begun)));
    answer.done();
    worker.close();
    awaitReported(State.STOPPING);
    member.orElseThrow().close();
    assertThat(await(ports.fleet().all())).isEmpty();
  }

  @Test
  void a_drained_worker_lets_what_runs_finish_and_takes_nothing_until_it_is_told_to() {
    join(1);
    Job runs = submit(chat());
    Answer answer = server.next();
    wish(drain(Duration.ofMinutes(5)));
    awaitReported(State.DRAINING);
    Job waits = submit(chat());
    answer.text("in time");
    answer.done();
    assertEnds(runs, JobState.COMPLETED);
    awaitReported(State.DRAINED);
    assertThat(reported().jobs()).isZero();
    assertThat(worker.isServing()).isFalse();
    assertThat(record(waits).state()).isEqualTo(JobState.QUEUED);
    assertThat(server.requests(waits.id())).isZero();

    wish(SERVE);
    Answer later = server.next();
    assertThat(later.job.id()).isEqualTo(waits.id());
    later.done();
    assertEnds(waits, JobState.COMPLETED);
    awaitReported(State.SERVING);
    assertThat(worker.isServing()).isTrue();
  }

  @Test
  void what_has_not_ended_in_time_is_given_back_unharmed_and_a_shorter_time_counts_at_once() {
    join(1);
    Job job = submit(chat());
    Answer answer = server.next();
    answer.text("half");
    wish(drain(Duration.ofMinutes(5)));
    awaitReported(State.DRAINING);
    assertThat(answer.isClosed()).isFalse();
    wish(drain(Duration.ZERO));
    answer.awaitClose();
    awaitReported(State.DRAINED);
    JobRecord record = record(job);
    assertThat(record.state()).isEqualTo(JobState.QUEUED);
    assertThat(record.failures()).isZero();
    assertThat(record.losses()).isZero();

    wish(SERVE);
    Answer again = server.next();
    again.text("whole");
    again.done();
    assertEnds(job, JobState.COMPLETED);
  }

  @Test
  void what_waits_in_hand_without_a_slot_is_given_back_at_once() {
    heldBy("worker-2", submit(chat()));
    join(1);
    eventually(() -> assertThat(worker.gauges().parked()).isOne());
    wish(drain(Duration.ofMinutes(5)));
    awaitReported(State.DRAINED);
    assertThat(worker.gauges().parked()).isZero();
  }

  @Test
  void an_engine_is_left_alone_by_a_drained_worker_and_proves_itself_before_the_next_job() {
    join(1);
    wish(drain(Duration.ZERO));
    awaitReported(State.DRAINED);
    server.notReady(POOL, UNREACHABLE);
    server.notReady(OTHER, UNREACHABLE);
    int probes = server.probes.get();
    Job job = submit(chat());
    wish(SERVE);
    eventually(() -> assertThat(server.probes.get()).isGreaterThan(probes + 2));
    assertThat(server.requests(job.id())).isZero();
    server.ready(POOL);
    server.next().done();
    assertEnds(job, JobState.COMPLETED);
  }

  @Test
  void a_fleet_that_is_away_or_forgot_everything_leaves_a_drained_worker_drained() {
    join(1);
    Job job = submit(chat());
    Answer answer = server.next();
    wish(drain(Duration.ofMinutes(1)));
    awaitReported(State.DRAINING);
    fleet.away = true;
    pass(Duration.ofMinutes(2));
    answer.awaitClose();
    awaitState(job, JobState.QUEUED);
    await(ports.fleet().leave("worker-1"));
    fleet.away = false;
    awaitReported(State.DRAINED);
    assertThat(server.isIdle()).isTrue();
  }

  @Test
  void a_drained_worker_still_stops() {
    join(1);
    wish(drain(Duration.ZERO));
    awaitReported(State.DRAINED);
    assertThat(worker.drain(WITHIN)).isEmpty();
    worker.resume();
    awaitReported(State.STOPPING);
  }

  /** The fleet of this process, which may be away. */
  private final class BrittleFleet implements Fleet {
    private volatile boolean away;

    @Override
    public Future<Optional<Wish>> announce(WorkerReport report, Duration life) {
      return away
          ? Future.failedFuture(new Unavailable("store", "away"))
          : ports.fleet().announce(report, life);
    }

    @Override
    public Future<Boolean> describe(String worker, List<ModelFacts> models) {
      return away
          ? Future.failedFuture(new Unavailable("store", "away"))
          : ports.fleet().describe(worker, models);
    }

    @Override
    public Future<Void> leave(String worker) {
      return ports.fleet().leave(worker);
    }

    @Override
    public Future<List<Member>> all() {
      return ports.fleet().all();
    }

    @Override
    public Future<Boolean> wish(String worker, Wish wish) {
      return ports.fleet().wish(worker, wish);
    }
  }
}
