package io.sluice.gateway;

import io.sluice.JobRecord;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.auth.InvalidCredential;
import io.sluice.gateway.auth.Recheck;
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
  private final Recheck recheck;

  LongPoll(JobWait waits, Recheck recheck) {
    this.waits = waits;
    this.recheck = recheck;
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
    return waiting
        .outcome()
        .compose(lookup -> stillThere(http, caller).map(yes -> JobAccess.owned(lookup, caller)));
  }

  /** A wait may outlast the credential that began it; then what came of the job is not told. */
  private Future<Void> stillThere(RoutingContext http, Caller caller) {
    return OnContext.of(http.vertx(), recheck.stands(caller))
        .compose(
            stands ->
                stands
                    ? Future.<Void>succeededFuture()
                    : Future.failedFuture(InvalidCredential.refusal()));
  }
}
