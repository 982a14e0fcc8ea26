package io.sluice.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.submit.Counting;
import io.sluice.gateway.submit.JobReader;
import io.sluice.gateway.submit.Presence;
import io.sluice.gateway.submit.StrictJson;
import io.sluice.gateway.waiting.Outlooks;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;

/** POST /v1/jobs. */
final class SubmitJob implements Handler<RoutingContext> {
  private final Body body;
  private final Counting counting;
  private final Intake intake;
  private final LongPoll longPoll;
  private final Outlooks outlooks;

  SubmitJob(Body body, Counting counting, Intake intake, LongPoll longPoll, Outlooks outlooks) {
    this.body = body;
    this.counting = counting;
    this.intake = intake;
    this.longPoll = longPoll;
    this.outlooks = outlooks;
  }

  @Override
  public void handle(RoutingContext http) {
    Caller.of(http).needToSubmit();
    body.read(http, read -> submit(http, read.getBytes()))
        .compose(accepted -> answer(http, accepted))
        .onFailure(
            e -> {
              intake.refused(http, e);
              http.fail(e);
            });
  }

  private Future<Accepted> submit(RoutingContext http, byte[] body) {
    JobReader.Envelope envelope = Intake.envelope(http);
    return counting
        .read(body.length, reader -> reader.read(StrictJson.parse(body), envelope))
        .compose(job -> intake.submit(http, job, Presence.RELEASED))
        .compose(accepted -> accepted(http, accepted.record()));
  }

  private Future<Accepted> accepted(RoutingContext http, JobRecord record) {
    http.response().putHeader("Location", "/v1/jobs/" + record.id());
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

  /** What a client is told; not the prompt, which nobody has to keep while the job is awaited. */
  private record Accepted(JobId id, boolean ended, ObjectNode view) {}
}
