package io.sluice.gateway;

import io.sluice.JobHistory;
import io.sluice.JobRecord;
import io.sluice.Step;
import io.sluice.gateway.explain.Explanation;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** GET /v1/jobs/{id}/explain: what held the job, and for how long. */
final class ExplainJob implements Handler<RoutingContext> {
  private final JobAccess access;
  private final JobHistory history;
  private final InstantSource clock;

  ExplainJob(JobAccess access, JobHistory history, InstantSource clock) {
    this.access = access;
    this.history = history;
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
                    .map(steps -> answer(http, record, steps)))
        .onFailure(http::fail);
  }

  private Void answer(RoutingContext http, JobRecord record, List<Step> steps) {
    Reply.json(http, 200, Explanation.of(record, steps, clock.instant()).view());
    return null;
  }
}
