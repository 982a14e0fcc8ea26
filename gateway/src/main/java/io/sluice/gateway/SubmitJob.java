package io.sluice.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Forecast;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.auth.ClientAddress;
import io.sluice.gateway.cache.CacheWish;
import io.sluice.gateway.limit.LimitHeaders;
import io.sluice.gateway.limit.LimitProblem;
import io.sluice.gateway.limit.Ruling;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.submit.Counting;
import io.sluice.gateway.submit.JobReader;
import io.sluice.gateway.submit.Submission;
import io.sluice.gateway.waiting.DeadlineProblem;
import io.sluice.gateway.waiting.Outlooks;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** POST /v1/jobs. */
final class SubmitJob implements Handler<RoutingContext> {
  private static final int KEY_CHARS_MAX = 255;
  private static final int SESSION_CHARS_MAX = 128;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
  private static final Pattern TRACEPARENT =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private final Body body;
  private final Counting counting;
  private final Submission submission;
  private final LongPoll longPoll;
  private final JobReports reports;
  private final Outlooks outlooks;

  SubmitJob(
      Body body,
      Counting counting,
      Submission submission,
      LongPoll longPoll,
      JobReports reports,
      Outlooks outlooks) {
    this.body = body;
    this.counting = counting;
    this.submission = submission;
    this.longPoll = longPoll;
    this.reports = reports;
    this.outlooks = outlooks;
  }

  @Override
  public void handle(RoutingContext http) {
    Caller caller = Caller.of(http);
    caller.needToSubmit();
    body.read(http, read -> submit(http, caller, read))
        .compose(accepted -> answer(http, accepted))
        .onFailure(
            e -> {
              reports.notSubmitted(http, e);
              http.fail(e);
            });
  }

  private static JobReader.Submitted submitted(RoutingContext http, Caller caller, Buffer read) {
    return new JobReader.Submitted(
        read.getBytes(),
        caller,
        Parameters.header(http, "X-Session-Id", SESSION_CHARS_MAX),
        Parameters.header(http, "Idempotency-Key", KEY_CHARS_MAX),
        Optional.ofNullable(http.request().getHeader("traceparent"))
            .filter(text -> TRACEPARENT.matcher(text).matches()));
  }

  private Future<Accepted> submit(RoutingContext http, Caller caller, Buffer read) {
    return counting
        .read(submitted(http, caller, read))
        .compose(
            job ->
                submission
                    .submit(job, ClientAddress.of(http), CacheWish.of(http.request()))
                    .compose(outcome -> decided(http, job, outcome)));
  }

  private Future<Accepted> decided(RoutingContext http, Job job, Submission.Outcome outcome) {
    return switch (outcome) {
      case Submission.Outcome.Accepted(JobRecord record, Optional<Ruling> ruling) ->
          accepted(http, record, ruling);
      case Submission.Outcome.KeyReused reused ->
          refuse(
              ProblemCode.IDEMPOTENCY_KEY_REUSED.with(
                  "Another request came with this key; take a new one."));
      case Submission.Outcome.TooLate(Forecast forecast) ->
          refuse(DeadlineProblem.of(job, forecast));
      case Submission.Outcome.LimitReached(Ruling ruling) -> refuse(LimitProblem.of(job, ruling));
      case Submission.Outcome.Undecided undecided -> refuse(undecided());
      case Submission.Outcome.NotConfirmed(boolean mayRun) -> refuse(notConfirmed(mayRun));
    };
  }

  private Future<Accepted> accepted(
      RoutingContext http, JobRecord record, Optional<Ruling> ruling) {
    http.response().putHeader("Location", "/v1/jobs/" + record.id());
    reports.submitted(http, record, ruling.isEmpty());
    if (ruling.isPresent()) {
      LimitHeaders.of(ruling.get()).forEach(http.response()::putHeader);
    } else {
      http.response().putHeader("Idempotent-Replayed", "true");
    }
    return view(record).map(view -> new Accepted(record.id(), record.state().isTerminal(), view));
  }

  private Future<ObjectNode> view(JobRecord record) {
    return outlooks.forecast(record).map(forecast -> JobView.of(record, forecast));
  }

  private Future<Void> answer(RoutingContext http, Accepted accepted) {
    Optional<Duration> wait = Parameters.preferredWait(http);
    if (wait.isEmpty()) {
      Reply.json(http, 202, accepted.view());
      return Future.succeededFuture();
    }
    http.response().putHeader("Preference-Applied", "wait=" + wait.get().toSeconds());
    if (wait.get().isZero() || accepted.ended()) {
      Reply.json(http, accepted.ended() ? 200 : 202, accepted.view());
      return Future.succeededFuture();
    }
    return longPoll
        .untilEnded(http, accepted.id(), wait.get())
        .transform(now -> answer(http, accepted, now));
  }

  /** It is accepted, whatever became of the store since, and whether or not it could be awaited. */
  private Future<Void> answer(
      RoutingContext http, Accepted accepted, AsyncResult<JobRecord> waited) {
    if (waited.succeeded()) {
      int status = waited.result().state().isTerminal() ? 200 : 202;
      return view(waited.result())
          .map(
              view -> {
                Reply.json(http, status, view);
                return null;
              });
    } else {
      http.response().headers().remove("Preference-Applied");
      Reply.json(http, 202, accepted.view());
    }
    return Future.succeededFuture();
  }

  private static Problem undecided() {
    return ProblemCode.STORE_UNAVAILABLE
        .with(
            "The store did not take the request now. No job runs for this request; what it may have"
                + " reserved is given back when the store answers again, and a retry with the same"
                + " Idempotency-Key is safe.")
        .retryAfter(RETRY_AFTER);
  }

  private static Problem notConfirmed(boolean mayRun) {
    String detail =
        mayRun
            ? "The queue did not confirm in time; a retry with the same Idempotency-Key is safe."
            : "The queue took nothing; nothing was stored.";
    return ProblemCode.QUEUE_UNAVAILABLE.with(detail).retryAfter(RETRY_AFTER);
  }

  private static <T> Future<T> refuse(Problem problem) {
    return Future.failedFuture(problem.refusal());
  }

  /** What a client is told; not the prompt, which nobody has to keep while the job is awaited. */
  private record Accepted(JobId id, boolean ended, ObjectNode view) {}
}
