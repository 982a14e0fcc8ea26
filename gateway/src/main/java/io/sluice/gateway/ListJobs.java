package io.sluice.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobId;
import io.sluice.JobState;
import io.sluice.JobStore;
import io.sluice.codec.Json;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.waiting.Outlooks;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** GET /v1/jobs: a page of the tenant's jobs, newest first. */
final class ListJobs implements Handler<RoutingContext> {
  private static final int LIMIT_STANDARD = 20;
  private static final int LIMIT_MAX = 100;

  private final JobStore store;
  private final Outlooks outlooks;

  ListJobs(JobStore store, Outlooks outlooks) {
    this.store = store;
    this.outlooks = outlooks;
  }

  @Override
  public void handle(RoutingContext http) {
    Caller caller = Caller.of(http);
    caller.needAny();
    JobStore.Query query =
        new JobStore.Query(caller.tenant(), state(http), after(http), limit(http));
    OnContext.of(http.vertx(), store.list(query))
        .compose(this::view)
        .onSuccess(view -> Reply.json(http, 200, view))
        .onFailure(http::fail);
  }

  private Future<ObjectNode> view(JobStore.Page page) {
    List<Future<ObjectNode>> jobs =
        page.jobs().stream()
            .map(record -> outlooks.forecast(record).map(it -> JobView.of(record, it)))
            .toList();
    return Future.all(jobs).map(all -> view(page, all.list()));
  }

  private static ObjectNode view(JobStore.Page page, List<ObjectNode> jobs) {
    ObjectNode json = Json.object().put("object", "list");
    json.putArray("data").addAll(jobs);
    json.put("has_more", page.next().isPresent());
    json.put("next", page.next().map(JobId::value).orElse(null));
    return json;
  }

  private static Optional<JobState> state(RoutingContext http) {
    return Parameters.query(http, "state").map(ListJobs::state);
  }

  private static JobState state(String text) {
    return Arrays.stream(JobState.values())
        .filter(state -> state.wireName().equals(text))
        .findFirst()
        .orElseThrow(() -> Parameters.malformed("'state' is not the name of one.").refusal());
  }

  private static Optional<JobId> after(RoutingContext http) {
    return Parameters.query(http, "after").map(ListJobs::id);
  }

  private static JobId id(String text) {
    if (!JobId.isValid(text)) {
      throw Parameters.malformed("'after' is not the id of a job.").refusal();
    }
    return new JobId(text);
  }

  private static int limit(RoutingContext http) {
    return Parameters.query(http, "limit")
        .map(text -> Parameters.number("limit", text, 1, LIMIT_MAX))
        .orElse(LIMIT_STANDARD);
  }
}
