package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobEvent;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.LaneOrder.Share;
import io.sluice.Output;
import io.sluice.RetryPolicy;
import io.sluice.Timings;
import io.sluice.Usage;
import io.sluice.worker.Generation.Piece;
import io.sluice.worker.ScriptedModelServer.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A job from its lane to its end, when nothing of Sluice fails. */
class RunningJobsTest extends WorkerRig {
  @Test
  void a_job_runs_to_its_end_and_its_message_is_gone() throws Exception {
    server.answers(job -> ScriptedModelServer.answer("Hel", "lo", "!"));
    start(1);
    Job job = submit(chat());

    assertEnds(job, JobState.COMPLETED);

    assertThat(record(job).ending())
        .hasValueSatisfying(
            ending -> {
              assertThat(ending.output().text()).isEqualTo("Hello!");
              assertThat(ending.usage().promptTokens()).isEqualTo(7);
              assertThat(ending.usage().completionTokens()).isEqualTo(3);
            });
    assertThat(events(job.id())).startsWith(new JobEvent.Start(1));
    assertNoMessagesLeft();
  }

  @Test
  void no_more_of_a_tenants_jobs_run_than_may_and_the_next_follows_at_once() {
    Share bounded = new Share("a", 1, OptionalInt.of(1));
    Job first = Jobs.chat(clock.instant()).tenant("a").job();
    Job second = Jobs.chat(clock.instant()).tenant("a").job();
    Job other = Jobs.chat(clock.instant()).tenant("b").job();
    publish(first, 0, bounded);
    publish(second, 0, bounded);
    start(2);
    Answer running = server.next();
    publish(other, 1, new Share("b", 1, OptionalInt.empty()));
    server.next();
    assertThat(server.requests(second.id())).isZero();
    assertThat(server.requests(other.id())).isOne();

    running.text("done");
    running.done();

    server.next();
    assertThat(server.requests(second.id())).isOne();
  }

  @Test
  void the_output_limit_makes_a_job_incomplete() {
    server.answers(job -> List.of(new Piece.Text("a"), new Piece.Done(true, new Usage(1, 1))));
    start(1);
    assertEnds(submit(chat()), JobState.INCOMPLETE);
  }

  @Test
  void thinking_and_calls_of_tools_are_kept_in_their_order() {
    server.answers(
        job ->
            List.of(
                new Piece.Thinking("h"),
                new Piece.Thinking("m"),
                new Piece.Text("so"),
                new Piece.ToolCall("{\"name\":\"f\"}"),
                new Piece.Text(" it is"),
                new Piece.Done(false, new Usage(1, 1))));
    start(1);
    Job job = submit(chat());

    assertEnds(job, JobState.COMPLETED);

    assertThat(record(job).ending().map(Ending::output))
        .hasValueSatisfying(
            output -> {
              assertThat(output.thinking()).isEqualTo(Optional.of("hm"));
              assertThat(output.toolCalls()).containsExactly("{\"name\":\"f\"}");
              assertThat(output.text()).isEqualTo("so it is");
            });
    assertThat(events(job.id()))
        .containsSubsequence(
            new JobEvent.Token("so"),
            new JobEvent.ToolCall("{\"name\":\"f\"}"),
            new JobEvent.Token(" it is"));
  }

  @Test
  void what_the_engine_says_of_its_time_is_kept_as_it_said_it() {
    Timings told =
        new Timings(
            Optional.of(Duration.ofNanos(7)),
            Optional.of(Duration.ofNanos(1)),
            Optional.empty(),
            Optional.of(Duration.ofNanos(4)));
    server.answers(
        job -> List.of(new Piece.Text("a"), new Piece.Done(false, new Usage(1, 1).with(told))));
    start(1);
    Job job = submit(chat());
    assertEnds(job, JobState.COMPLETED);
    assertThat(record(job).ending().map(Ending::usage)).contains(new Usage(1, 1).with(told));
  }

  @Test
  void of_an_engine_that_says_nothing_of_its_time_the_worker_tells_what_it_saw() {
    start(1);
    Job job = submit(chat());
    Answer answer = server.next();
    answer.text("one");
    eventually(() -> assertThat(events(job.id())).contains(new JobEvent.Token("one")));
    answer.done();
    assertEnds(job, JobState.COMPLETED);
    Timings seen = record(job).ending().orElseThrow().usage().timings().orElseThrow();
    assertThat(seen.load()).isEmpty();
    assertThat(seen.completion().orElseThrow()).isPositive();
    assertThat(seen.prompt().orElseThrow().plus(seen.completion().orElseThrow()))
        .isEqualTo(seen.total().orElseThrow());
  }

  @Test
  void an_attempt_without_an_answer_has_no_times() {
    server.answers(
        job ->
            List.of(
                new Piece.Text("a"),
                new Piece.Failed(new Failure(FailureCode.INVALID_REQUEST, "no"))));
    start(1);
    Job job = submit(chat());
    assertEnds(job, JobState.FAILED);
    assertThat(record(job).ending().orElseThrow().usage().timings()).isEmpty();
  }

  @Test
  void probabilities_stay_with_their_tokens_and_are_all_in_the_output() {
    server.answers(
        job ->
            List.of(
                new Piece.Thinking("hm", Optional.of("[1]")),
                new Piece.Text("so", Optional.of("[2]")),
                new Piece.Text(" it", Optional.of("[3,4]")),
                new Piece.ToolCall("{\"name\":\"f\"}"),
                new Piece.Text("", Optional.of("[5]")),
                new Piece.Done(false, new Usage(1, 1))));
    start(1);
    Job job = submit(chat());

    assertEnds(job, JobState.COMPLETED);

    Output output = record(job).ending().orElseThrow().output();
    assertThat(output.logprobs()).contains("[1,2,3,4,5]");
    assertThat(output.text()).isEqualTo("so it");
    assertThat(events(job.id()))
        .contains(
            new JobEvent.Thinking("hm", Optional.of("[1]")),
            new JobEvent.Token("", Optional.of("[5]")));
    assertThat(
            events(job.id()).stream()
                .filter(JobEvent.Token.class::isInstance)
                .map(event -> ((JobEvent.Token) event).text())
                .reduce("", String::concat))
        .isEqualTo("so it");
  }

  @Test
  void tokens_without_text_are_no_repetition() {
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < 2 * RepetitionDetector.SAME_PIECES_MOST; i++) {
      pieces.add(new Piece.Text("", Optional.of("[" + i + "]")));
    }
    pieces.add(new Piece.Done(false, new Usage(1, 1)));
    server.answers(job -> pieces);
    start(1);
    assertEnds(submit(chat()), JobState.COMPLETED);
  }

  @Test
  void more_probabilities_than_fit_fail_the_job_and_as_many_as_fit_do_not() {
    String half = "[\"" + "1".repeat(TokenLog.LOGPROB_BYTES_MOST / 2 - 4) + "\"]";
    List<Piece> fits =
        List.of(
            new Piece.Text("a", Optional.of(half)),
            new Piece.Text("b", Optional.of(half)),
            new Piece.Done(false, new Usage(1, 1)));
    server.answers(job -> fits);
    start(1);
    assertEnds(submit(chat()), JobState.COMPLETED);
    List<Piece> more = new ArrayList<>(fits);
    more.add(2, new Piece.Text("c", Optional.of("[1]")));
    server.answers(job -> more);
    Job job = submit(chat());
    assertEnds(job, JobState.FAILED);
    assertThat(record(job).ending().orElseThrow().failure().map(Failure::code))
        .contains(FailureCode.OUTPUT_TOO_LARGE);
  }

  @Test
  void the_first_token_is_in_the_log_while_the_rest_is_generated() {
    start(1);
    Job job = submit(chat());
    Answer answer = server.next();
    answer.text("one");
    eventually(() -> assertThat(events(job.id())).contains(new JobEvent.Token("one")));
    answer.text(" two");
    eventually(() -> assertThat(text(events(job.id()))).isEqualTo("one two"));
    answer.done();
    assertEnds(job, JobState.COMPLETED);
  }

  @Test
  void what_comes_while_an_append_is_in_flight_goes_into_the_next_one() {
    String[] pieces = IntStream.range(0, 2000).mapToObj(n -> n + " ").toArray(String[]::new);
    server.answers(job -> ScriptedModelServer.answer(pieces));
    start(1);
    Job job = submit(chat());

    assertEnds(job, JobState.COMPLETED);

    assertThat(record(job).ending().orElseThrow().output().text())
        .isEqualTo(String.join("", pieces));
    assertThat(store.appends).hasValueLessThan(1000);
  }

  @Test
  void two_hundred_jobs_on_four_slots_each_end_once_and_the_engine_never_gets_a_fifth_request()
      throws Exception {
    server.answers(job -> ScriptedModelServer.answer(job.id().value(), " ", "done"));
    start(4);
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      jobs.add(submit(i % 2 == 0 ? chat() : Jobs.chat(clock.instant()).pool(OTHER).batch().job()));
    }

    jobs.forEach(job -> assertEnds(job, JobState.COMPLETED));

    assertThat(server.mostAtOnce()).isLessThanOrEqualTo(4);
    for (Job job : jobs) {
      assertThat(text(events(job.id()))).isEqualTo(job.id() + " done");
      assertThat(server.requests(job.id())).isOne();
    }
    assertThat(ended).hasSize(200);
    eventually(() -> assertThat(worker.gauges().busy()).isZero());
    assertNoMessagesLeft();
  }

  @Test
  void no_more_is_pulled_than_there_are_slots() {
    start(2);
    List<Job> jobs = IntStream.range(0, 5).mapToObj(n -> submit(chat())).toList();
    List<Answer> running = List.of(server.next(), server.next());
    assertThat(worker.gauges().busy()).isEqualTo(2);
    assertThat(jobs).filteredOn(job -> record(job).state() == JobState.QUEUED).hasSize(3);

    running.forEach(Answer::done);
    IntStream.range(0, 3).forEach(n -> server.next().done());

    jobs.forEach(job -> assertEnds(job, JobState.COMPLETED));
    assertThat(server.mostAtOnce()).isEqualTo(2);
  }

  @Test
  void silence_before_the_first_token_is_the_engines_fault_and_tried_elsewhere() {
    start(1, deadlines(Duration.ofMillis(50), Duration.ofSeconds(60)));
    Job job = submit(patient(chat()));
    Answer silent = server.next();
    silent.awaitClose();
    server.next().done();
    assertEnds(job, JobState.COMPLETED);
    assertThat(retried).extracting(Failure::code).containsExactly(FailureCode.FIRST_TOKEN_TIMEOUT);
    assertThat(record(job).losses()).isOne();
  }

  @Test
  void silence_in_the_middle_is_the_engines_fault_too() {
    start(1, deadlines(Duration.ofSeconds(60), Duration.ofMillis(50)));
    Job job = submit(patient(chat()));
    server.next().text("void");
    server.next().done();
    assertEnds(job, JobState.COMPLETED);
    assertThat(retried).extracting(Failure::code).containsExactly(FailureCode.TOKEN_TIMEOUT);
    assertThat(text(events(job.id()))).isEmpty();
  }

  @Test
  void an_attempt_that_takes_too_long_fails_the_job_with_what_it_has() {
    start(1);
    Job job = submit(with(chat(), Duration.ofMillis(500), RetryPolicy.DEFAULT));
    server.next().text("half");
    assertEnds(job, JobState.FAILED);
    assertThat(code(job)).isEqualTo(FailureCode.ATTEMPT_TIMEOUT);
    assertThat(text(events(job.id()))).isEqualTo("half");
  }

  @Test
  void of_two_deadlines_at_the_same_time_the_engines_is_missed() {
    start(1, deadlines(Duration.ofMillis(50), Duration.ofSeconds(60)));
    Job job = submit(with(chat(), Duration.ofMillis(50), patient(chat()).retry()));
    server.next();
    server.next().done();
    awaitState(job, JobState.COMPLETED);
    assertThat(retried).extracting(Failure::code).containsExactly(FailureCode.FIRST_TOKEN_TIMEOUT);
  }

  private WorkerConfig deadlines(Duration firstToken, Duration betweenTokens) {
    return config()
        .with(
            new WorkerConfig.Deadlines(
                firstToken, betweenTokens, Duration.ofSeconds(5), Duration.ofSeconds(5)));
  }

  @Test
  void a_model_that_repeats_itself_is_stopped() {
    start(1);
    Job job = submit(chat());
    Answer answer = server.next();
    for (int i = 0; i < 200; i++) {
      answer.text(" again");
    }
    answer.awaitClose();
    assertEnds(job, JobState.FAILED);
    assertThat(code(job)).isEqualTo(FailureCode.RUNAWAY_REPETITION);
  }

  @Test
  void a_model_that_thinks_beyond_its_bound_is_stopped_and_its_thoughts_are_kept() {
    start(1, config().thinkingTokens(3));
    Job patientWithIt = submit(chat());
    Answer answer = server.next();
    for (String thought : List.of("one", " two", " three")) {
      answer.say(new Piece.Thinking(thought));
    }
    answer.text("so");
    answer.done();
    assertEnds(patientWithIt, JobState.COMPLETED);

    Job job = submit(chat());
    Answer loops = server.next();
    for (String thought : List.of("one", " two", " three", " four")) {
      loops.say(new Piece.Thinking(thought));
    }
    loops.awaitClose();
    assertEnds(job, JobState.FAILED);
    assertThat(code(job)).isEqualTo(FailureCode.RUNAWAY_THINKING);
    assertThat(record(job).ending().orElseThrow().output().thinking())
        .contains("one two three four");
    assertThat(record(job).attempt()).isOne();
  }

  @Test
  void an_answer_beyond_a_mebibyte_is_stopped_and_what_fits_is_kept() {
    start(1);
    Job job = submit(chat());
    Answer answer = server.next();
    for (int i = 0; i < 33; i++) {
      answer.text(random(32 * 1024, i));
    }
    answer.awaitClose();
    assertEnds(job, JobState.FAILED);
    assertThat(code(job)).isEqualTo(FailureCode.OUTPUT_TOO_LARGE);
    assertThat(text(events(job.id()))).hasSize(TokenLog.OUTPUT_BYTES_MOST);
  }

  private static String random(int length, int seed) {
    return new java.util.Random(seed)
        .ints(length, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Test
  void a_cancelled_job_ends_when_the_engine_has_let_go_in_prefill() throws Exception {
    start(1);
    Job job = submit(chat());
    Answer answer = server.next();
    var slot = answer.holdSlot();

    io.sluice.Await.await(ports.store().cancel(job.id()));
    answer.awaitClose();
    assertThat(record(job).state()).isEqualTo(JobState.CANCELLING);
    assertThat(worker.gauges().busy()).isOne();
    slot.countDown();

    assertEnds(job, JobState.CANCELLED);
    assertNoMessagesLeft();
  }

  @Test
  void a_cancelled_job_keeps_what_was_generated() {
    start(1);
    Job job = submit(chat());
    Answer answer = server.next();
    answer.text("so far");
    eventually(() -> assertThat(text(events(job.id()))).isEqualTo("so far"));
    io.sluice.Await.await(ports.store().cancel(job.id()));
    assertEnds(job, JobState.CANCELLED);
    assertThat(record(job).ending().orElseThrow().output().text()).isEqualTo("so far");
  }

  @Test
  void the_slot_is_busy_until_the_server_let_go() {
    start(1);
    Job first = submit(chat());
    Answer answer = server.next();
    var slot = answer.holdSlot();
    Job second = submit(chat());
    answer.done();
    answer.awaitClose();
    assertThat(server.isIdle()).isFalse();
    assertThat(record(second).state()).isEqualTo(JobState.QUEUED);
    slot.countDown();
    assertEnds(first, JobState.COMPLETED);
    server.next().done();
    assertEnds(second, JobState.COMPLETED);
    assertThat(server.mostAtOnce()).isOne();
  }
}
