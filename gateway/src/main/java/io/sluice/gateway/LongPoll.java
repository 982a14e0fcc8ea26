package io.sluice.gateway;

import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.Subscription;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.auth.InvalidCredential;
import io.sluice.gateway.auth.Recheck;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.stream.JobWait;
import io.sluice.gateway.stream.Readers;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.Predicate;

/** Holds an answer back until a job is as its client wants it, or the wait is over. */
final class LongPoll {
  /** Wake-ups are made up for by the port itself: this only guards against its bugs. */
  private static final Duration POLL = Duration.ofSeconds(5);

  private final JobWait waits;
  private final Readers readers;
  private final Recheck recheck;

  LongPoll(JobWait waits, Readers readers, Recheck recheck) {
    this.waits = waits;
    this.readers = readers;
    this.recheck = recheck;
  }

  Future<JobRecord> untilEnded(RoutingContext http, JobId id, Duration wait) {
    return begin(http, id, now -> now.state().isTerminal(), wait);
  }

  /** Fails with a {@code Refusal} where the caller waits for too many jobs already. */
  Future<JobRecord> until(
      RoutingContext http, JobRecord record, Predicate<JobRecord> enough, Duration wait) {
    return wait.isZero() || enough.test(record)
        ? Future.succeededFuture(record)
        : begin(http, record.id(), enough, wait);
  }

  private Future<JobRecord> begin(
      RoutingContext http, JobId id, Predicate<JobRecord> enough, Duration wait) {
    Caller caller = Caller.of(http);
    Subscription place;
    try {
      place = readers.enter(caller);
    } catch (Refusal full) {
      return Future.failedFuture(full);
    }
    JobWait.Waiting waiting = waits.until(id, enough, wait, POLL);
    http.addEndHandler(
        over -> {
          waiting.abandon();
          place.close();
        });
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
