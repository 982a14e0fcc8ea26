package io.sluice.gateway;

import io.sluice.JobRecord;
import io.sluice.JobStore;
import io.sluice.JobStore.Cancellation;
import io.sluice.gateway.auth.Caller;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** DELETE /v1/jobs/{id}: 202 while its worker stops, 200 when it has ended; idempotent. */
final class CancelJob implements Handler<RoutingContext> {
  private final JobAccess access;
  private final JobStore store;
  private final JobReports reports;

  CancelJob(JobAccess access, JobStore store, JobReports reports) {
    this.access = access;
    this.store = store;
    this.reports = reports;
  }

  @Override
  public void handle(RoutingContext http) {
    access
        .find(http)
        .onSuccess(record -> cancel(http, record))
        .onFailure(e -> fail(http, e, false));
  }

  private void cancel(RoutingContext http, JobRecord before) {
    OnContext.of(http.vertx(), store.cancel(before.id()))
        .onSuccess(cancellation -> answer(http, before, cancellation))
        .onFailure(e -> fail(http, e, true));
  }

  private void fail(RoutingContext http, Throwable why, boolean asked) {
    reports.notCancelled(http, why, asked);
    http.fail(why);
  }

  private void answer(RoutingContext http, JobRecord before, Cancellation cancellation) {
    reports.cancelled(http, before.state(), cancellation);
    switch (cancellation) {
      case Cancellation.Cancelled(JobRecord record) -> Reply.json(http, 200, JobView.of(record));
      case Cancellation.Cancelling(JobRecord record) -> Reply.json(http, 202, JobView.of(record));
      case Cancellation.AlreadyEnded(JobRecord record) -> Reply.json(http, 200, JobView.of(record));
      case Cancellation.Unknown(JobStore.Lookup lookup) -> lost(http, lookup);
    }
  }

  /** It was there a moment ago: the store was lost in between. */
  private static void lost(RoutingContext http, JobStore.Lookup lookup) {
    Reply.json(http, 200, JobView.of(JobAccess.owned(lookup, Caller.of(http))));
  }
}
