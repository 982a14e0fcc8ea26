package io.sluice.gateway;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.Cached;
import io.sluice.JobId;
import io.sluice.JobListener;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.JobStore.Cancellation;
import io.sluice.Unavailable;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.auth.ClientAddress;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.ProblemHandler;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.trail.RepeatedEvents;
import io.sluice.gateway.trail.Trail;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumSet;
import java.util.Set;

/**
 * Whom requests to submit and to cancel jobs are told to: the listener and the audit log. Nobody
 * waits for that: jobs go on where it cannot be written. Refusals come together where a client
 * repeats them.
 */
final class JobReports {
  /** Those are told where they are decided: breaches of limits, and scopes. */
  private static final Set<ProblemCode> TOLD_ELSEWHERE =
      EnumSet.of(
          ProblemCode.TOO_MANY_WAITING,
          ProblemCode.RATE_LIMIT_EXCEEDED,
          ProblemCode.LIMIT_NEVER_FITS,
          ProblemCode.INSUFFICIENT_SCOPE);

  private final JobListener listener;
  private final Trail trail;
  private final RepeatedEvents repeated;

  JobReports(JobListener listener, Trail trail, RepeatedEvents repeated) {
    this.listener = listener;
    this.trail = trail;
    this.repeated = repeated;
  }

  void submitted(RoutingContext http, JobRecord record, boolean replayed) {
    if (!replayed) {
      listener.submitted(record.job());
    }
    AuditEvent event =
        event(http, Action.JOB_SUBMIT, Outcome.SUCCESS)
            .target(record.id().toString())
            .detail("pool", record.job().pool().toString())
            .detail("class", record.job().jobClass().wireName())
            .detail("prompt_tokens", String.valueOf(record.job().promptTokens()));
    if (replayed) {
      // Not by its details: what the first one asked for is the client's choice.
      repeated.add(kind(http, event, "replayed"), event.detail("replayed", "true"));
    } else {
      trail.add(event);
      record.cached().ifPresent(cached -> answered(record, cached));
    }
  }

  private void answered(JobRecord record, Cached cached) {
    int saved = record.ending().map(ending -> ending.usage().tokens()).orElse(0);
    listener.answered(record.id(), cached.how(), saved);
    listener.ended(record.id(), record.state());
  }

  void notSubmitted(RoutingContext http, Throwable why) {
    ProblemCode code = code(why);
    listener.refused(Caller.of(http).tenant(), code.wireName());
    if (!TOLD_ELSEWHERE.contains(code)) {
      Outcome outcome = why instanceof Refusal ? Outcome.REFUSED : Outcome.FAILED;
      tellRepeated(http, event(http, Action.JOB_SUBMIT, outcome).detail("code", code.wireName()));
    }
  }

  /**
   * @param before the state of the job when it was asked
   */
  void cancelled(RoutingContext http, JobState before, Cancellation cancellation) {
    switch (cancellation) {
      case Cancellation.Cancelled(JobRecord record) -> {
        trail.add(cancel(http, record));
        listener.ended(record.id(), record.state());
      }
      case Cancellation.Cancelling(JobRecord record) when before == JobState.CANCELLING ->
          tellRepeated(http, cancel(http, record));
      case Cancellation.Cancelling(JobRecord record) -> trail.add(cancel(http, record));
      case Cancellation.AlreadyEnded(JobRecord record) -> tellRepeated(http, cancel(http, record));
      case Cancellation.Unknown unknown -> {
        // The store lost it meanwhile: nothing was done.
      }
    }
  }

  /**
   * @param asked whether the store was asked for it: where it does not answer then, nobody knows
   */
  void notCancelled(RoutingContext http, Throwable why, boolean asked) {
    ProblemCode code = code(why);
    if (!TOLD_ELSEWHERE.contains(code)) {
      Outcome failure = asked && why instanceof Unavailable ? Outcome.UNKNOWN : Outcome.FAILED;
      Outcome outcome = why instanceof Refusal ? Outcome.REFUSED : failure;
      AuditEvent event = event(http, Action.JOB_CANCEL, outcome).detail("code", code.wireName());
      String id = http.pathParam("id");
      tellRepeated(http, JobId.isValid(id) ? event.target(id) : event);
    }
  }

  private AuditEvent cancel(RoutingContext http, JobRecord record) {
    return event(http, Action.JOB_CANCEL, Outcome.SUCCESS)
        .target(record.id().toString())
        .detail("state", record.state().wireName());
  }

  private AuditEvent event(RoutingContext http, Action action, Outcome outcome) {
    Caller caller = Caller.of(http);
    return trail
        .event(action, outcome)
        .tenant(caller.tenant())
        .principal(caller.principal())
        .address(ClientAddress.of(http));
  }

  private void tellRepeated(RoutingContext http, AuditEvent event) {
    repeated.add(kind(http, event, event.details().toString()), event);
  }

  private static Kind kind(RoutingContext http, AuditEvent event, String what) {
    return new Kind(
        event.outcome(), event.principal().orElse(""), ClientAddress.networkOf(http), what);
  }

  /** The code of the problem that the client is answered with. */
  private static ProblemCode code(Throwable why) {
    return switch (why) {
      case Refusal refusal -> refusal.problem().code();
      case Unavailable away -> ProblemHandler.of(away).code();
      default -> ProblemCode.INTERNAL_ERROR;
    };
  }

  private record Kind(Outcome outcome, String principal, String network, String what) {}
}
