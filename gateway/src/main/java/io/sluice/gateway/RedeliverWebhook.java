package io.sluice.gateway;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.JobRecord;
import io.sluice.Webhooks;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.auth.ClientAddress;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.trail.RepeatedEvents;
import io.sluice.gateway.trail.Trail;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** POST /v1/jobs/{id}/webhook/redeliver: the end of the job is told once more, now. */
final class RedeliverWebhook implements Handler<RoutingContext> {
  private final JobAccess access;
  private final Webhooks webhooks;
  private final Trail trail;
  private final RepeatedEvents repeated;

  RedeliverWebhook(JobAccess access, Webhooks webhooks, Trail trail, RepeatedEvents repeated) {
    this.access = access;
    this.webhooks = webhooks;
    this.trail = trail;
    this.repeated = repeated;
  }

  @Override
  public void handle(RoutingContext http) {
    access
        .find(http)
        .compose(record -> again(http, record))
        .compose(owed -> access.find(http))
        .onSuccess(record -> Reply.json(http, 202, JobView.of(record)))
        .onFailure(http::fail);
  }

  private Future<Void> again(RoutingContext http, JobRecord record) {
    return OnContext.of(http.vertx(), webhooks.again(record.id()))
        .map(
            owed -> {
              if (!owed) {
                throw ProblemCode.NOTHING_TO_TELL
                    .with("The job has no webhook, or has not ended.")
                    .refusal();
              }
              tell(http, record);
              return null;
            });
  }

  private void tell(RoutingContext http, JobRecord record) {
    Caller caller = Caller.of(http);
    AuditEvent event =
        trail
            .event(Action.WEBHOOK_REDELIVER, Outcome.SUCCESS)
            .tenant(caller.tenant())
            .principal(caller.principal())
            .address(ClientAddress.of(http))
            .target(record.id().toString());
    repeated.add(caller.tenant(), event);
  }
}
