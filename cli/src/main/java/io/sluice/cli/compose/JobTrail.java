package io.sluice.cli.compose;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.JobListener;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.gateway.trail.Trail;
import java.time.Duration;

/**
 * What becomes of jobs without a request, in the audit log: starts, retries, ends. Nobody waits for
 * it: jobs go on where it cannot be written, and what is lost is counted.
 */
final class JobTrail implements JobListener {
  private final Trail trail;
  private final String instance;

  JobTrail(Trail trail, String instance) {
    this.trail = trail;
    this.instance = instance;
  }

  @Override
  public void started(JobRecord record, Duration waited) {
    trail.add(
        event(Action.JOB_START, Outcome.SUCCESS, record.job(), record.attempt())
            .detail("waited_ms", String.valueOf(waited.toMillis())));
  }

  @Override
  public void retried(Job job, int attempt, Failure why) {
    trail.add(
        event(Action.JOB_RETRY, Outcome.FAILED, job, attempt)
            .detail("code", why.code().wireName()));
  }

  @Override
  public void ended(Job job, int attempt, Ending ending, Duration ran) {
    AuditEvent event =
        event(Action.JOB_END, outcome(ending.state()), job, attempt)
            .detail("state", ending.state().wireName())
            .detail("prompt_tokens", String.valueOf(ending.usage().promptTokens()))
            .detail("completion_tokens", String.valueOf(ending.usage().completionTokens()))
            .detail("ran_ms", String.valueOf(ran.toMillis()));
    // Its code only: the message may hold what an engine said.
    trail.add(
        ending.failure().map(why -> event.detail("code", why.code().wireName())).orElse(event));
  }

  @Override
  public void ended(JobId id, JobState state) {
    trail.add(
        trail
            .event(Action.JOB_END, outcome(state))
            .target(id.toString())
            .detail("state", state.wireName())
            .detail("by", instance));
  }

  private AuditEvent event(Action action, Outcome outcome, Job job, int attempt) {
    return trail
        .event(action, outcome)
        .tenant(job.tenant())
        .principal(job.principal())
        .target(job.id().toString())
        .detail("pool", job.pool().toString())
        .detail("attempt", String.valueOf(attempt))
        .detail("by", instance);
  }

  private static Outcome outcome(JobState state) {
    return switch (state) {
      case COMPLETED, INCOMPLETE, CANCELLED -> Outcome.SUCCESS;
      default -> Outcome.FAILED;
    };
  }
}
