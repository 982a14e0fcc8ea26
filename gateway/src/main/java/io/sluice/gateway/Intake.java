package io.sluice.gateway;

import io.sluice.Forecast;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.JobStore;
import io.sluice.JobStore.Cancellation;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.auth.ClientAddress;
import io.sluice.gateway.cache.CacheWish;
import io.sluice.gateway.limit.LimitHeaders;
import io.sluice.gateway.limit.LimitProblem;
import io.sluice.gateway.limit.Ruling;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.submit.JobReader;
import io.sluice.gateway.submit.Presence;
import io.sluice.gateway.submit.Submission;
import io.sluice.gateway.waiting.DeadlineProblem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one way in for jobs, of {@code POST /v1/jobs} and of every surface: let in, published,
 * confirmed and written down; and the way out for those that nobody waits for any longer.
 */
public final class Intake {
  private static final int KEY_CHARS_MAX = 255;
  private static final int SESSION_CHARS_MAX = 128;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
  private static final Pattern TRACEPARENT =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private final Vertx vertx;
  private final Submission submission;
  private final JobStore store;
  private final JobReports reports;

  Intake(Vertx vertx, Submission submission, JobStore store, JobReports reports) {
    this.vertx = vertx;
    this.submission = submission;
    this.store = store;
    this.reports = reports;
  }

  /** What the head of a request says of the job in its body; refuses what is no header. */
  public static JobReader.Envelope envelope(RoutingContext http) {
    return new JobReader.Envelope(
        Caller.of(http),
        Parameters.header(http, "X-Session-Id", SESSION_CHARS_MAX),
        Parameters.header(http, "Idempotency-Key", KEY_CHARS_MAX),
        Optional.ofNullable(http.request().getHeader("traceparent"))
            .filter(text -> TRACEPARENT.matcher(text).matches()),
        false);
  }

  /**
   * Completes on the request's context when the queue has the job, with the headers that go with it
   * already set; fails with a {@code Refusal}, which is for {@link #refused} to write down.
   */
  public Future<Accepted> submit(RoutingContext http, Job job, Presence client) {
    return submission
        .submit(job, client, ClientAddress.of(http), CacheWish.of(http.request()))
        .compose(outcome -> decided(http, job, outcome));
  }

  /** Writes down that a request became no job, whatever it failed at. */
  public void refused(RoutingContext http, Throwable why) {
    reports.notSubmitted(http, why);
  }

  /**
   * Asks for the end of a job whose client has gone; completes on the caller's context.
   *
   * @param before in which state the job was last seen
   */
  public Future<Cancellation> withdraw(RoutingContext http, JobId id, JobState before) {
    return OnContext.of(vertx, store.cancel(id))
        .onSuccess(cancellation -> reports.cancelled(http, before, cancellation));
  }

  private Future<Accepted> decided(RoutingContext http, Job job, Submission.Outcome outcome) {
    return switch (outcome) {
      case Submission.Outcome.Accepted(JobRecord record, Optional<Ruling> ruling) ->
          Future.succeededFuture(accepted(http, record, ruling));
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

  private Accepted accepted(RoutingContext http, JobRecord record, Optional<Ruling> ruling) {
    reports.submitted(http, record, ruling.isEmpty());
    if (ruling.isPresent()) {
      LimitHeaders.of(ruling.get()).forEach(http.response()::putHeader);
    } else {
      http.response().putHeader("Idempotent-Replayed", "true");
    }
    return new Accepted(record, ruling.isEmpty());
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

  /**
   * A job that will end in exactly one way.
   *
   * @param replayed whether an earlier request with the same key made it
   */
  public record Accepted(JobRecord record, boolean replayed) {}
}
