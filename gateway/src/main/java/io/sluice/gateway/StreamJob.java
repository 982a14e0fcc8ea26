package io.sluice.gateway;

import io.sluice.JobRecord;
import io.sluice.Position;
import io.sluice.Subscription;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.stream.EventStream;
import io.sluice.gateway.stream.Readers;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** GET /v1/jobs/{id}/events: the job's log as an event stream, from a position on. */
final class StreamJob implements Handler<RoutingContext> {
  private static final int POSITION_CHARS_MAX = 32;

  private final JobAccess access;
  private final Readers readers;
  private final EventStream.Source source;

  StreamJob(JobAccess access, Readers readers, EventStream.Source source) {
    this.access = access;
    this.readers = readers;
    this.source = source;
  }

  @Override
  public void handle(RoutingContext http) {
    Position after = position(http);
    access
        .find(http)
        .compose(
            record -> hasSeenAll(http, record, after).map(all -> open(http, record, after, all)))
        .onFailure(http::fail);
  }

  private Void open(RoutingContext http, JobRecord record, Position after, boolean seenAll) {
    if (seenAll) {
      Reply.empty(http, 204);
    } else if (!http.response().closed()) {
      RequestTime.lift(http.vertx());
      Subscription place = readers.enter(Caller.of(http));
      new EventStream(source, http, record, after, place).start();
    }
    return null;
  }

  /** Whether the reader stands at the end of a job that has ended: 204 tells it to stop asking. */
  private Future<Boolean> hasSeenAll(RoutingContext http, JobRecord record, Position after) {
    if (!record.state().isTerminal() || after.equals(Position.START)) {
      return Future.succeededFuture(false);
    }
    return OnContext.of(http.vertx(), source.events().read(record.id(), after, 1))
        .map(List::isEmpty);
  }

  /** The header goes before the parameter: browsers send it when they come back by themselves. */
  private static Position position(RoutingContext http) {
    Optional<String> header = Parameters.header(http, "Last-Event-ID", POSITION_CHARS_MAX);
    Optional<String> text = header.isPresent() ? header : Parameters.query(http, "after");
    if (text.isEmpty()) {
      return Position.START;
    }
    return Position.parse(text.get())
        .orElseThrow(
            () -> Parameters.malformed("The position is not one: write FENCE.SEQ.").refusal());
  }
}
