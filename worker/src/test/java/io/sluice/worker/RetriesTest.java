package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.FailureCode.Blame;
import io.sluice.Job;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.worker.Retries.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RetriesTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final Job JOB = Jobs.chat(NOW).job();

  private static JobRecord record(Job job, int attempt, int failures, int losses) {
    return new JobRecord(
        job,
        JobState.IN_PROGRESS,
        true,
        attempt,
        failures,
        losses,
        1,
        Optional.empty(),
        Optional.of(NOW),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Verdict judge(JobRecord record, FailureCode code, Instant now) {
    return Retries.judge(record, new Failure(code, "why"), now, new Random(1));
  }

  @ParameterizedTest
  @EnumSource(FailureCode.class)
  void only_what_can_get_better_is_tried_again(FailureCode code) {
    Verdict verdict = judge(record(JOB, 1, 0, 0), code, NOW);
    if (code.retryable()) {
      assertThat(verdict).isInstanceOf(Verdict.Again.class);
    } else {
      assertThat(verdict).isEqualTo(new Verdict.Fail(new Failure(code, "why")));
    }
  }

  static Stream<Arguments> last() {
    return Stream.of(
        arguments(2, 0, FailureCode.ENGINE_ERROR, FailureCode.ENGINE_ERROR),
        arguments(0, 2, FailureCode.ENGINE_CRASHED, FailureCode.POISON),
        arguments(0, 2, FailureCode.TOKEN_TIMEOUT, FailureCode.POISON));
  }

  @ParameterizedTest
  @MethodSource("last")
  void the_last_failure_allowed_ends_the_job(
      int failures, int losses, FailureCode code, FailureCode expected) {
    assertThat(judge(record(JOB, 3, failures, losses), code, NOW))
        .isInstanceOfSatisfying(
            Verdict.Fail.class, fail -> assertThat(fail.why().code()).isEqualTo(expected));
    assertThat(judge(record(JOB, 2, Math.max(0, failures - 1), Math.max(0, losses - 1)), code, NOW))
        .isInstanceOf(Verdict.Again.class);
  }

  @Test
  void faults_of_the_infrastructure_are_not_counted_but_end_with_finish_by() {
    JobRecord old = record(JOB, 500, 2, 2);
    assertThat(FailureCode.ENGINE_BUSY.blame()).isEqualTo(Blame.INFRASTRUCTURE);
    assertThat(judge(old, FailureCode.ENGINE_BUSY, NOW))
        .isInstanceOfSatisfying(
            Verdict.Again.class,
            again -> assertThat(again.delay()).isBetween(Duration.ZERO, Duration.ofSeconds(60)));
    assertThat(judge(old, FailureCode.ENGINE_BUSY, JOB.finishBy()))
        .isInstanceOf(Verdict.Fail.class);
  }
}
