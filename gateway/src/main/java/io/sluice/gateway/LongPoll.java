package io.sluice.gateway;

import io.sluice.JobRecord;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.stream.JobWait;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.Predicate;

/** Holds an answer back until a job is as its client wants it, or the wait is over. */
final class LongPoll {
  /** Wake-ups are made up for by the port itself: this only guards against its bugs. */
  private static final Duration POLL = Duration.ofSeconds(5);

  private final JobWait waits;

  LongPoll(JobWait waits) {
    this.waits = waits;
  }

  Future<JobRecord> untilEnded(RoutingContext http, JobRecord record, Duration wait) {
    return until(http, record, now -> now.state().isTerminal(), wait);
  }

  Future<JobRecord> until(
      RoutingContext http, JobRecord record, Predicate<JobRecord> enough, Duration wait) {
    if (wait.isZero() || enough.test(record)) {
      return Future.succeededFuture(record);
    }
    JobWait.Waiting waiting = waits.until(record.id(), enough, wait, POLL);
    http.response().closeHandler(gone -> waiting.abandon());
    Caller caller = Caller.of(http);
    return waiting.outcome().map(lookup -> JobAccess.owned(lookup, caller));
  }
}
