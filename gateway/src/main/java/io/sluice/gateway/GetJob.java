package io.sluice.gateway;

import io.sluice.JobRecord;
import io.sluice.codec.Json;
import io.sluice.gateway.waiting.Outlooks;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * GET /v1/jobs/{id}. With {@code ?wait=N} the answer is held back until the job has ended, or,
 * where the client shows the tag of what it has, until there is something new.
 */
final class GetJob implements Handler<RoutingContext> {
  private final JobAccess access;
  private final LongPoll longPoll;
  private final Outlooks outlooks;

  GetJob(JobAccess access, LongPoll longPoll, Outlooks outlooks) {
    this.access = access;
    this.longPoll = longPoll;
    this.outlooks = outlooks;
  }

  @Override
  public void handle(RoutingContext http) {
    Duration wait = Parameters.waitTime(http);
    Optional<String> known = Optional.ofNullable(http.request().getHeader("If-None-Match"));
    Predicate<JobRecord> enough =
        known.isPresent()
            ? record -> !EntityTag.of(view(record)).isIn(known.get())
            : record -> record.state().isTerminal();
    Future<JobRecord> found = access.find(http);
    found
        .compose(record -> longPoll.until(http, record, enough, wait))
        .compose(record -> answer(http, record, known))
        .onFailure(http::fail);
  }

  private Future<Void> answer(RoutingContext http, JobRecord record, Optional<String> known) {
    EntityTag tag = EntityTag.of(view(record));
    http.response().putHeader("ETag", tag.text());
    if (known.isPresent() && tag.isIn(known.get())) {
      Reply.empty(http, 304);
      return Future.succeededFuture();
    }
    return outlooks
        .forecast(record)
        .map(
            forecast -> {
              Reply.json(http, 200, JobView.of(record, forecast));
              return null;
            });
  }

  private static String view(JobRecord record) {
    return Json.write(JobView.of(record));
  }
}
