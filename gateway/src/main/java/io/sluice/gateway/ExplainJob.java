package io.sluice.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobHistory;
import io.sluice.JobRecord;
import io.sluice.Step;
import io.sluice.gateway.explain.Explanation;
import io.sluice.gateway.waiting.Outlooks;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** GET /v1/jobs/{id}/explain: what held the job, and for how long. */
final class ExplainJob implements Handler<RoutingContext> {
  private final JobAccess access;
  private final JobHistory history;
  private final Outlooks outlooks;
  private final InstantSource clock;

  ExplainJob(JobAccess access, JobHistory history, Outlooks outlooks, InstantSource clock) {
    this.access = access;
    this.history = history;
    this.outlooks = outlooks;
    this.clock = clock;
  }

  @Override
  public void handle(RoutingContext http) {
    access
        .find(http)
        .compose(
            record ->
                OnContext.of(
                        http.vertx(),
                        history.steps(record.id(), Optional.of(record.job().tenant())))
                    .compose(steps -> answer(http, record, steps)))
        .onFailure(http::fail);
  }

  private Future<Void> answer(RoutingContext http, JobRecord record, List<Step> steps) {
    return outlooks
        .forecast(record)
        .map(
            forecast -> {
              ObjectNode view = Explanation.of(record, steps, clock.instant()).view();
              view.set("queue", JobView.of(record, forecast).path("queue"));
              Reply.json(http, 200, view);
              return null;
            });
  }
}
