package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Job;
import io.sluice.JobListener.Warmth;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.Timings;
import io.sluice.Usage;
import io.sluice.worker.Generation.Piece;
import io.sluice.worker.ScriptedModelServer.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Turns of conversations at one worker with two engines, of which the first is warm. */
class AffinityTest extends WorkerRig {
  private static final int TOKENS = 1000;

  private final ScriptedModelServer second = new ScriptedModelServer();

  private void startBoth(int slots) {
    second.notReady(POOL, UNREACHABLE);
    second.notReady(OTHER, UNREACHABLE);
    start(
        List.of(
            new EngineConfig("engine-1", server, slots),
            new EngineConfig("engine-2", second, slots)),
        config());
  }

  /** A first turn at the first engine, which read its prompt for so long; then the other opens. */
  private void warmUp(int slots, Duration reading) {
    startBoth(slots);
    Job first = submit(turn());
    answer(server.next(), TOKENS, reading);
    assertEnds(first, JobState.COMPLETED);
    second.ready(POOL);
    eventually(() -> assertThat(worker.servedBy("engine-2")).containsExactly(POOL));
    placed.clear();
  }

  private Job turn() {
    Jobs turn = Jobs.chat(clock.instant()).session("s");
    return sized(turn.job(), TOKENS);
  }

  static Job sized(Job job, int promptTokens) {
    return new Job(
        job.id(),
        job.tenant(),
        job.principal(),
        job.session(),
        job.kind(),
        job.pool(),
        job.jobClass(),
        job.request(),
        promptTokens,
        job.maxOutputTokens(),
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

  /** What an engine says that it cost, with how long it read. */
  static Usage timed(int promptTokens, int completionTokens, Duration reading) {
    return new Usage(promptTokens, completionTokens)
        .with(
            new Timings(
                Optional.empty(), Optional.empty(), Optional.of(reading), Optional.empty()));
  }

  private static void answer(Answer answer, int promptTokens, Duration reading) {
    answer.text("so");
    answer.say(new Piece.Done(false, timed(promptTokens, 1, reading)));
  }

  /** A job that only the first engine runs. */
  private Job occupyFirst() {
    return submit(Jobs.chat(clock.instant()).pool(OTHER).job());
  }

  @Test
  void a_turn_goes_where_the_last_one_was_though_another_engine_has_less_to_do() {
    warmUp(2, Duration.ofSeconds(10));
    occupyFirst();
    server.next();
    Job turn = submit(turn());
    Answer warm = server.next();
    assertThat(warm.job.id()).isEqualTo(turn.id());
    // A look for work may have held the free slot for a moment.
    assertThat(placed).hasSize(1).containsAnyOf(Warmth.HIT, Warmth.WAITED);
    Job stranger = submit(chat());
    assertThat(second.next().job.id()).isEqualTo(stranger.id());
  }

  @Test
  void a_turn_waits_for_its_engine_while_others_get_the_slot_that_it_gave_back() {
    warmUp(1, Duration.ofSeconds(10));
    occupyFirst();
    Answer running = server.next();
    Job turn = submit(turn());
    eventually(() -> assertThat(worker.gauges().parked()).isOne());
    Job stranger = submit(chat());
    assertThat(second.next().job.id()).isEqualTo(stranger.id());
    assertThat(server.requests(turn.id()) + second.requests(turn.id())).isZero();

    running.done();

    assertThat(server.next().job.id()).isEqualTo(turn.id());
    assertThat(placed).containsExactly(Warmth.WAITED);
    assertThat(worker.gauges().parked()).isZero();
  }

  @Test
  void a_turn_waits_no_longer_than_its_prompt_takes_to_read() {
    warmUp(1, Duration.ofMillis(300));
    occupyFirst();
    server.next();
    Job turn = submit(turn());
    assertThat(second.next().job.id()).isEqualTo(turn.id());
    assertThat(placed).containsExactly(Warmth.MISSED);
    assertThat(worker.gauges().parked()).isZero();
  }

  @Test
  void a_turn_does_not_wait_where_nobody_knows_what_it_would_save() {
    startBoth(1);
    Job first = submit(turn());
    answer(server.next(), 100, Duration.ofHours(1));
    assertEnds(first, JobState.COMPLETED);
    second.ready(POOL);
    occupyFirst();
    server.next();
    Job turn = submit(turn());
    assertThat(second.next().job.id()).isEqualTo(turn.id());
    assertThat(placed).endsWith(Warmth.MISSED);
  }

  @Test
  void a_turn_does_not_wait_longer_than_it_would_save_by_what_runs_there() {
    warmUp(1, Duration.ofMillis(1));
    // What ran last had its slot for more than that millisecond.
    occupyFirst();
    server.next();
    Job turn = submit(turn());
    assertThat(second.next().job.id()).isEqualTo(turn.id());
    assertThat(placed).containsExactly(Warmth.MISSED);
  }

  @Test
  void an_engine_that_was_lost_and_came_back_is_cold() {
    warmUp(1, Duration.ofSeconds(10));
    Job fails = occupyFirst();
    int probes = server.probes.get();
    server.next().fail(UNREACHABLE);
    eventually(() -> assertThat(server.probes).hasValueGreaterThan(probes + 1));
    server.next().done();
    assertEnds(fails, JobState.COMPLETED);
    eventually(() -> assertThat(worker.servedBy("engine-1")).contains(POOL, OTHER));

    submit(turn());

    eventually(() -> assertThat(placed).containsExactly(Warmth.NEW));
  }

  @Test
  void a_turn_that_waits_is_given_back_by_a_worker_that_stops() throws Exception {
    warmUp(1, Duration.ofSeconds(10));
    occupyFirst();
    server.next();
    Job turn = submit(turn());
    eventually(() -> assertThat(worker.gauges().parked()).isOne());
    worker.close();
    assertThat(record(turn).attempt()).isZero();
    assertThat(record(turn).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void a_conversation_that_thinks_is_warm_with_its_prompt_alone() {
    startBoth(1);
    Job first = submit(turn());
    Answer answer = server.next();
    answer.say(new Piece.Thinking("hm"));
    answer.text("so");
    answer.say(new Piece.Done(false, new Usage(40, 30)));
    assertEnds(first, JobState.COMPLETED);
    assertThat(worker.warmTokens(turn())).isEqualTo(40);
    Job next = submit(turn());
    answer(server.next(), 80, Duration.ofMillis(1));
    assertEnds(next, JobState.COMPLETED);
    assertThat(worker.warmTokens(turn())).isEqualTo(81);
  }
}
