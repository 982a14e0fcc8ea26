package io.sluice.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobRecord;
import io.sluice.JobStore.Cancellation;
import io.sluice.JobStore.Lookup;
import io.sluice.Subscription;
import io.sluice.codec.Json;
import io.sluice.gateway.Intake;
import io.sluice.gateway.OffLoop;
import io.sluice.gateway.Parameters;
import io.sluice.gateway.Reply;
import io.sluice.gateway.RequestTime;
import io.sluice.gateway.StreamBounds;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.held.Surface;
import io.sluice.gateway.problem.OpenAiMembers;
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
import java.util.function.Function;

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
    whole(http, record).onFailure(http::fail);
  }

  private void streamed(RoutingContext http, JobRecord record) {
    Future.succeededFuture(record)
        .compose(it -> open(http, it, -1, begun -> Future.succeededFuture(List.of())))
        .onFailure(http::fail);
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
      throw OpenAiMembers.withParam(
              Parameters.malformed("'starting_after' must be the number of an event."),
              "starting_after")
          .refusal();
    }
    return Long.parseLong(text);
  }

  private static Future<Void> whole(RoutingContext http, JobRecord record) {
    return told(http, record, ResponseView::of);
  }

  private static Future<Void> told(
      RoutingContext http, JobRecord record, Function<JobRecord, JsonNode> view) {
    return OffLoop.of(http.vertx(), record.job(), () -> Json.write(view.apply(record)))
        .map(
            json -> {
              Reply.json(http, 200, json);
              return null;
            });
  }

  private Future<Void> stream(RoutingContext http, JobRecord record, long told) {
    return open(
        http,
        record,
        told,
        begun -> Voids.in(source.log(), record.id(), new Numbering(record, begun)));
  }

  /** Takes its place first, so that what is read for it is bounded, too. */
  private Future<Void> open(
      RoutingContext http,
      JobRecord record,
      long told,
      Function<ObjectNode, Future<List<Long>>> voids) {
    Subscription place = readers.enter(Caller.of(http));
    return OffLoop.of(http.vertx(), record.job(), () -> Numbering.begun(record))
        .compose(
            begun -> voids.apply(begun).map(known -> show(http, record, begun, told, known, place)))
        .onFailure(e -> place.close());
  }

  private Void show(
      RoutingContext http,
      JobRecord record,
      ObjectNode begun,
      long told,
      List<Long> voids,
      Subscription place) {
    if (http.response().closed()) {
      place.close();
    } else {
      RequestTime.lift(http.vertx());
      Numbering numbering = new Numbering(record, begun);
      new ResponseStream(source, http, record.id(), numbering, told, voids, place).start();
    }
    return null;
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
        .compose(record -> told(http, record, it -> InputItems.of(it.job())))
        .onFailure(http::fail);
  }
}
