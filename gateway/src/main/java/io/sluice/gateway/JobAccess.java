package io.sluice.gateway;

import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.JobStore;
import io.sluice.JobStore.Lookup;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;

/** The job that a path names, for a caller that owns it; to everybody else there is none. */
final class JobAccess {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final JobStore store;

  JobAccess(JobStore store) {
    this.store = store;
  }

  /** Completes on the request's context; fails with a {@link Refusal}. */
  Future<JobRecord> find(RoutingContext http) {
    Caller caller = Caller.of(http);
    caller.needAny();
    String id = http.pathParam("id");
    if (!JobId.isValid(id)) {
      return Future.failedFuture(notFound());
    }
    return OnContext.of(http.vertx(), store.find(new JobId(id), Optional.of(caller.tenant())))
        .map(lookup -> owned(lookup, caller));
  }

  /** The job that a look-up found, if it is the caller's. */
  static JobRecord owned(Lookup lookup, Caller caller) {
    return switch (lookup) {
      case Lookup.Found(JobRecord record) when record.job().tenant().equals(caller.tenant()) ->
          record;
      case Lookup.Found other -> throw notFound();
      case Lookup.Absent absent -> throw notFound();
      case Lookup.Recovering recovering -> throw recovering();
    };
  }

  private static Refusal notFound() {
    return ProblemCode.JOB_NOT_FOUND.with("It does not exist, or no longer.").refusal();
  }

  private static Refusal recovering() {
    return ProblemCode.STORE_RECOVERING
        .with("The job may yet turn up: ask again.")
        .retryAfter(RETRY_AFTER)
        .refusal();
  }
}
