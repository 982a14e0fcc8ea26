package io.sluice.gateway.waiting;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sluice.Forecast;
import io.sluice.Job;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The refusal of a job that would expire before its turn comes. */
public final class DeadlineProblem {
  private DeadlineProblem() {}

  /** Whether a job has less than an even chance to start in time; not so where nothing is known. */
  public static boolean applies(Job job, Forecast forecast) {
    return forecast.p50().filter(start -> start.isAfter(job.startBy())).isPresent();
  }

  /**
   * Names the earliest time at which the job would probably start. What waits gets shorter by a
   * second in each second, if nobody else comes: so the same job fits after what it is late by.
   */
  public static Problem of(Job job, Forecast forecast) {
    Instant start = forecast.p50().orElseThrow().truncatedTo(ChronoUnit.MILLIS);
    JsonNodeFactory json = JsonNodeFactory.instance;
    return ProblemCode.DEADLINE_UNATTAINABLE
        .with(
            ("It would start at about %s, behind %,d jobs, and may wait until %s only: give it a"
                    + " longer queue_timeout, or come back later.")
                .formatted(start, forecast.position() - 1, job.startBy()))
        .member("earliest_start", json.textNode(start.toString()))
        .member("start_by", json.textNode(job.startBy().toString()))
        .retryAfter(Duration.between(job.startBy(), start));
  }
}
