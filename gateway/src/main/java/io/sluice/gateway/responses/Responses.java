package io.sluice.gateway.responses;

import io.sluice.JobRecord;
import io.sluice.JobStore.Cancellation;
import io.sluice.JobStore.Lookup;
import io.sluice.Subscription;
import io.sluice.gateway.Intake;
import io.sluice.gateway.Parameters;
import io.sluice.gateway.Reply;
import io.sluice.gateway.RequestTime;
import io.sluice.gateway.StreamBounds;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.held.Surface;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.stream.CallerWatch;
import io.sluice.gateway.stream.JobWait;
import io.sluice.gateway.stream.KeepAlive;
import io.sluice.gateway.stream.LogReader;
import io.sluice.gateway.stream.Readers;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;

/** The Responses API: what is asked of a response by its name, and the surface that makes one. */
public final class Responses {
  /** A cancelled response is told as such if its worker lets go of it so soon. */
  private static final Duration CANCEL_WAIT = Duration.ofSeconds(5);

  private final ResponseAccess access;
  private final Intake intake;
  private final JobWait waits;
  private final Readers readers;
  private final ResponseStream.Source source;

  public Responses(
      LogReader.Log log, Intake intake, JobWait waits, Readers readers, Streaming streaming) {
    this.access = new ResponseAccess(log.vertx(), log.store());
    this.intake = intake;
    this.waits = waits;
    this.readers = readers;
    this.source =
        new ResponseStream.Source(
            log, streaming.keepAlive(), streaming.callers(), streaming.bounds());
  }

  /** What streams need besides the log. */
  public record Streaming(KeepAlive keepAlive, CallerWatch callers, StreamBounds bounds) {}

  /** {@code POST /v1/responses}. */
  public Surface create() {
    return new ResponseSurface(access, Previous.NONE, Responses::accepted, this::streamed);
  }

  private static void accepted(RoutingContext http, JobRecord record) {
    Reply.json(http, 200, ResponseView.of(record));
  }

  private void streamed(RoutingContext http, JobRecord record) {
    open(http, record, -1, List.of());
  }

  /** {@code GET /v1/responses/{id}}. */
  public void get(RoutingContext http) {
    boolean stream =
        Parameters.query(http, "stream").filter("true"::equals).isPresent()
            && !http.request().method().equals(HttpMethod.HEAD);
    long told = Parameters.query(http, "starting_after").map(Responses::number).orElse(-1L);
    access
        .ofPath(http)
        .compose(record -> stream ? stream(http, record, told) : whole(http, record))
        .onFailure(http::fail);
  }

  /** Numbers stay far below this, also where a store lost its records. */
  private static long number(String text) {
    if (!text.matches("[0-9]{1,15}")) {
      throw Parameters.malformed("'starting_after' must be the number of an event.").refusal();
    }
    return Long.parseLong(text);
  }

  private static Future<Void> whole(RoutingContext http, JobRecord record) {
    Reply.json(http, 200, ResponseView.of(record));
    return Future.succeededFuture();
  }

  private Future<Void> stream(RoutingContext http, JobRecord record, long told) {
    return Voids.in(source.log(), record)
        .map(
            voids -> {
              open(http, record, told, voids);
              return null;
            });
  }

  private void open(RoutingContext http, JobRecord record, long told, List<Long> voids) {
    if (http.response().closed()) {
      return;
    }
    try {
      Subscription place = readers.enter(Caller.of(http));
      RequestTime.lift(http.vertx());
      new ResponseStream(source, http, record, told, voids, place).start();
    } catch (Refusal full) {
      http.fail(full);
    }
  }

  /** {@code POST /v1/responses/{id}/cancel}. Idempotent; what has ended stays as it is. */
  public void cancel(RoutingContext http) {
    access
        .ofPath(http)
        .compose(record -> intake.withdraw(http, record.id(), record.state()))
        .compose(cancellation -> cancelled(http, cancellation))
        .onFailure(http::fail);
  }

  private Future<Void> cancelled(RoutingContext http, Cancellation cancellation) {
    return switch (cancellation) {
      case Cancellation.Cancelled(JobRecord record) -> whole(http, record);
      case Cancellation.AlreadyEnded(JobRecord record) -> whole(http, record);
      case Cancellation.Cancelling(JobRecord record) ->
          waits
              .until(record.id(), now -> now.state().isTerminal(), CANCEL_WAIT, CANCEL_WAIT)
              .outcome()
              .compose(
                  lookup ->
                      whole(http, lookup instanceof Lookup.Found(JobRecord now) ? now : record));
      case Cancellation.Unknown unknown -> access.ofPath(http).compose(it -> whole(http, it));
    };
  }

  /** {@code GET /v1/responses/{id}/input_items}. */
  public void inputItems(RoutingContext http) {
    access
        .ofPath(http)
        .onSuccess(record -> Reply.json(http, 200, InputItems.of(record.job())))
        .onFailure(http::fail);
  }
}
