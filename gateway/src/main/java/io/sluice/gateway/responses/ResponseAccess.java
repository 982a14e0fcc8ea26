package io.sluice.gateway.responses;

import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.JobStore;
import io.sluice.JobStore.Lookup;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;

/** Stored responses, for the tenant that owns them; to everybody else there are none. */
final class ResponseAccess {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final JobStore store;

  ResponseAccess(Vertx vertx, JobStore store) {
    this.vertx = vertx;
    this.store = store;
  }

  /** The one that the path names. Completes on the request's context; fails with a Refusal. */
  Future<JobRecord> ofPath(RoutingContext http) {
    Caller caller = Caller.of(http);
    caller.needAny();
    return find(http.pathParam("id"), caller)
        .compose(
            found ->
                found
                    .map(Future::succeededFuture)
                    .orElseGet(
                        () ->
                            refuse(
                                ProblemCode.JOB_NOT_FOUND.with(
                                    "There is no such response, or no longer."))));
  }

  /** Empty for what is not stored, is no response, or another tenant's. */
  Future<Optional<JobRecord>> find(String response, Caller caller) {
    Optional<JobId> id = ResponseId.job(response);
    return id.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : OnContext.of(vertx, store.find(id.get(), Optional.of(caller.tenant())))
            .compose(lookup -> seen(lookup, caller));
  }

  private static Future<Optional<JobRecord>> seen(Lookup lookup, Caller caller) {
    return switch (lookup) {
      case Lookup.Found(JobRecord record) ->
          Future.succeededFuture(
              Optional.of(record)
                  .filter(it -> it.job().tenant().equals(caller.tenant()))
                  .filter(it -> Kept.of(it.job()).filter(Kept::store).isPresent()));
      case Lookup.Absent absent -> Future.succeededFuture(Optional.empty());
      case Lookup.Recovering recovering ->
          refuse(
              ProblemCode.STORE_RECOVERING
                  .with("The response may yet turn up: ask again.")
                  .retryAfter(RETRY_AFTER));
    };
  }

  private static <T> Future<T> refuse(Problem problem) {
    return Future.failedFuture(problem.refusal());
  }
}
