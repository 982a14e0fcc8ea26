package io.sluice.gateway.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.Output;
import io.sluice.Step;
import io.sluice.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private static final Instant CREATED = Instant.parse("2026-05-04T10:00:00Z");
  private static final Ending DONE = new Ending.Completed(Output.NONE, Usage.NONE);
  private static final Ending FAILED =
      new Ending.Failed(new Failure(FailureCode.ENGINE_ERROR, "no"), Output.NONE, Usage.NONE);

  private static Instant at(double seconds) {
    return CREATED.plusMillis(Math.round(seconds * 1_000));
  }

  private static Step.Started started(double at, int attempt, String worker) {
    return new Step.Started(at(at), attempt, worker, Optional.empty());
  }

  private static JobRecord record(Job job, JobState state, int attempt, double ended, Ending how) {
    return new JobRecord(
        job,
        state,
        true,
        attempt,
        0,
        0,
        1,
        Optional.empty(),
        attempt > 0 ? Optional.of(at(3)) : Optional.empty(),
        state.isTerminal() ? Optional.of(at(ended)) : Optional.empty(),
        state.isTerminal() ? Optional.of(how) : Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static JobRecord ended(double seconds) {
    return record(Jobs.chat(CREATED).job(), JobState.COMPLETED, 1, seconds, DONE);
  }

  /** Whatever the steps say, the lengths add up to the life. */
  private static JsonNode explained(JobRecord record, double life, Step... steps) {
    JsonNode json = Explanation.of(record, List.of(steps), at(life)).view();
    BigDecimal sum =
        StreamSupport.stream(json.path("steps").spliterator(), false)
            .map(step -> step.path("seconds").decimalValue())
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(sum).isEqualByComparingTo(BigDecimal.valueOf(life));
    assertThat(json.path("total_seconds").decimalValue()).isEqualByComparingTo(sum);
    return json;
  }

  private static List<String> lengths(JsonNode json) {
    return StreamSupport.stream(json.path("steps").spliterator(), false)
        .map(step -> step.path("step").asText() + " " + step.path("seconds").decimalValue())
        .toList();
  }

  @Test
  void a_job_that_ran_at_once() {
    JsonNode json =
        explained(
            ended(5),
            5,
            new Step.Admitted(at(0.01), Duration.ZERO),
            new Step.Published(at(0.03)),
            started(1, 1, "w1"),
            new Step.Ended(at(5), JobState.COMPLETED));

    assertThat(lengths(json))
        .containsExactly(
            "admitted 0.010", "published 0.020", "waited 0.970", "ran 4.000", "ended 0.000");
    assertThat(json.path("summary").asText())
        .isEqualTo("It completed after 5.0 s: 970 ms waiting in its lane and 4.0 s running.");
    assertThat(json.path("history_complete").asBoolean()).isTrue();
    assertThat(json.at("/steps/3/worker").asText()).isEqualTo("w1");
  }

  @Test
  void a_wait_is_split_where_the_job_became_the_first_of_its_lane() {
    JsonNode json =
        explained(
            ended(20),
            20,
            new Step.Admitted(at(0), Duration.ofSeconds(1)),
            new Step.Published(at(1)),
            new Step.Started(at(15), 1, "w1", Optional.of(turn(11, 3, 7, 1))),
            new Step.Ended(at(20), JobState.COMPLETED));

    assertThat(lengths(json))
        .containsExactly(
            "smoothed 1.000",
            "waited_behind_own 10.000",
            "waited_for_turn 4.000",
            "ran 5.000",
            "ended 0.000");
    assertThat(json.at("/steps/1/detail").asText()).isEqualTo("3 jobs of its lane came before it.");
    assertThat(json.at("/steps/2/detail").asText()).contains("7 interactive and 1 batch");
  }

  private static Step.Turn turn(double first, long ahead, long interactive, long batch) {
    return new Step.Turn(at(first), ahead, new Step.Starts(interactive, batch), Optional.empty());
  }

  private static Step.Turn bounded(double first, double until) {
    return new Step.Turn(
        at(first), 1, Step.Starts.NONE, Optional.of(new Step.Bound(4, 4, Optional.of(at(until)))));
  }

  @Test
  void a_wait_at_the_bound_of_its_tenant_is_told_apart() {
    JsonNode json =
        explained(
            ended(20),
            20,
            new Step.Admitted(at(0), Duration.ZERO),
            new Step.Started(at(15), 1, "w1", Optional.of(bounded(11, 14))),
            new Step.Ended(at(20), JobState.COMPLETED));

    assertThat(lengths(json))
        .containsExactly(
            "waited_behind_own 11.000",
            "waited_at_bound 3.000",
            "waited_for_turn 1.000",
            "ran 5.000",
            "ended 0.000");
    assertThat(json.at("/steps/0/detail").asText())
        .isEqualTo("1 job of its lane came before it, and its tenant may run 4 jobs at a time.");
    assertThat(json.at("/steps/1/detail").asText()).contains("its tenant ran 4 jobs");
    assertThat(json.at("/steps/2/detail").asText()).contains("no job of another lane had started");
  }

  @Test
  void a_bound_that_was_reached_before_it_was_first_held_nobody() {
    JsonNode json =
        explained(
            ended(20),
            20,
            new Step.Admitted(at(0), Duration.ZERO),
            new Step.Started(at(15), 1, "w1", Optional.of(bounded(11, 10))),
            new Step.Ended(at(20), JobState.COMPLETED));

    assertThat(lengths(json))
        .containsExactly(
            "waited_behind_own 11.000", "waited_for_turn 4.000", "ran 5.000", "ended 0.000");
  }

  @Test
  void a_batch_job_is_told_that_interactive_ones_go_first() {
    JobRecord record = record(Jobs.chat(CREATED).batch().job(), JobState.COMPLETED, 1, 9, DONE);
    JsonNode json =
        explained(
            record,
            9,
            new Step.Admitted(at(0), Duration.ZERO),
            new Step.Started(at(8), 1, "w1", Optional.of(turn(0, 0, 30, 3))),
            new Step.Ended(at(9), JobState.COMPLETED));

    assertThat(lengths(json)).containsExactly("waited_for_turn 8.000", "ran 1.000", "ended 0.000");
    assertThat(json.at("/steps/0/detail").asText()).contains("nine parts to one");
  }

  @Test
  void attempts_that_failed_and_workers_that_were_lost_are_named() {
    JobRecord record = record(Jobs.chat(CREATED).job(), JobState.FAILED, 3, 60, FAILED);
    JsonNode json =
        explained(
            record,
            60,
            new Step.Admitted(at(0), Duration.ZERO),
            started(2, 1, "w1"),
            new Step.Published(at(2.1)),
            new Step.Failed(at(4), "engine_busy", at(9)),
            started(10, 2, "w2"),
            new Step.LeaseLost(at(25), "w2"),
            started(40, 3, "w3"),
            new Step.CancelAsked(at(55)),
            new Step.Ended(at(60), JobState.FAILED));

    assertThat(lengths(json))
        .containsExactly(
            "waited 2.000",
            "ran 2.000",
            "paused 5.000",
            "waited_again 1.000",
            "ran 15.000",
            "worker_lost 15.000",
            "ran 15.000",
            "cancelling 5.000",
            "ended 0.000");
    assertThat(json.at("/steps/2/code").asText()).isEqualTo("engine_busy");
    assertThat(json.at("/steps/5/worker").asText()).isEqualTo("w2");
    assertThat(json.path("summary").asText())
        .startsWith("It failed (engine_error) after 1 min 0 s: ")
        .contains("32.0 s running in 3 attempts");
  }

  @Test
  void a_job_that_waits_has_a_last_step_that_goes_on() {
    JobRecord record = record(Jobs.chat(CREATED).job(), JobState.QUEUED, 0, 0, DONE);
    JsonNode json =
        explained(record, 30, new Step.Admitted(at(0), Duration.ZERO), new Step.Published(at(0.5)));

    assertThat(lengths(json)).containsExactly("published 0.500", "waited 29.500");
    assertThat(json.at("/steps/1/until").isNull()).isTrue();
    assertThat(json.path("summary").asText())
        .isEqualTo("It has waited for 30.0 s: 29.5 s waiting in its lane.");
  }

  @Test
  void clocks_that_differ_leave_no_gap_and_nothing_negative() {
    explained(
        ended(5),
        5,
        new Step.Admitted(at(-2), Duration.ZERO),
        new Step.Published(at(-1)),
        started(-0.5, 1, "w1"),
        new Step.Ended(at(7), JobState.COMPLETED));
  }

  @Test
  void a_restored_record_says_what_is_not_known() {
    JsonNode json =
        explained(
            ended(50),
            50,
            new Step.Restored(at(30)),
            started(40, 1, "w1"),
            new Step.Ended(at(50), JobState.COMPLETED));

    assertThat(lengths(json))
        .containsExactly("unknown 30.000", "waited 10.000", "ran 10.000", "ended 0.000");
    assertThat(json.path("history_complete").asBoolean()).isFalse();
  }

  @Test
  void a_record_without_any_history_is_told_from_its_start_and_its_end() {
    JsonNode json = explained(ended(5), 5);

    assertThat(lengths(json)).containsExactly("unknown 3.000", "ran 2.000");
    assertThat(json.path("history_complete").asBoolean()).isFalse();
  }

  @Test
  void steps_that_were_left_out_have_their_time_all_the_same() {
    JsonNode json =
        explained(
            ended(50),
            50,
            new Step.Admitted(at(0), Duration.ZERO),
            started(1, 1, "w1"),
            new Step.LeftOut(at(2), 70),
            started(40, 37, "w9"),
            new Step.Ended(at(50), JobState.COMPLETED));

    assertThat(lengths(json))
        .containsExactly(
            "waited 1.000", "ran 1.000", "left_out 38.000", "ran 10.000", "ended 0.000");
    assertThat(json.path("summary").asText()).contains("running in 37 attempts");
  }
}
