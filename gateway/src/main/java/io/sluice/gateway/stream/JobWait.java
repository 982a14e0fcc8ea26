package io.sluice.gateway.stream;

import io.sluice.JobEvents;
import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.JobStore;
import io.sluice.JobStore.Lookup;
import io.sluice.Subscription;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.RequestTime;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Waits until a job is as somebody wants it, or until the wait is over. */
public final class JobWait {
  private final Vertx vertx;
  private final SharedLooks looks;
  private final JobEvents events;
  private final Set<Waiting> all = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  public JobWait(Vertx vertx, JobStore store, JobEvents events) {
    this.vertx = vertx;
    this.looks = new SharedLooks(vertx, store);
    this.events = events;
  }

  /**
   * Looks now, at every wake-up and after every {@code poll}, together with all others that wait
   * for the job; ends at the first look that is enough, or with one more at the limit. Keeps
   * nothing of the job meanwhile. Completes on the caller's context.
   */
  public Waiting until(JobId id, Predicate<JobRecord> enough, Duration limit, Duration poll) {
    RequestTime.lift(vertx);
    Waiting waiting = new Waiting(id, enough);
    all.add(waiting);
    waiting.start(stopped ? Duration.ZERO : limit, poll);
    return waiting;
  }

  /** The gateway goes: whoever waits is answered with the job as it stands. From any thread. */
  public void stop() {
    stopped = true;
    all.forEach(Waiting::endNow);
  }

  /** One wait. Its fields belong to the context that began it. */
  public final class Waiting {
    private final JobId id;
    private final SharedLooks.Look shared;
    private final Predicate<JobRecord> enough;
    private final Context context = vertx.getOrCreateContext();
    private final Promise<Lookup> outcome = Promise.promise();
    private Subscription subscription = () -> {};
    private long deadline;
    private long polling;
    private boolean looking;
    private boolean missed;
    private boolean over;

    private Waiting(JobId id, Predicate<JobRecord> enough) {
      this.id = id;
      this.shared = looks.open(id);
      this.enough = enough;
    }

    public Future<Lookup> outcome() {
      return outcome.future();
    }

    /** Nobody waits any longer; harmless after the end. */
    public void abandon() {
      stop();
    }

    private void start(Duration limit, Duration poll) {
      deadline = vertx.setTimer(Math.max(1, limit.toMillis()), fired -> timeIsUp());
      polling = vertx.setPeriodic(poll.toMillis(), fired -> look());
      subscription = events.watch(id, () -> context.runOnContext(woken -> look()));
      look();
    }

    private void look() {
      if (over) {
        return;
      }
      if (looking) {
        missed = true;
        return;
      }
      looking = true;
      missed = false;
      OnContext.of(vertx, shared.next())
          .onComplete(
              found -> {
                looking = false;
                // A store that is away may come back within the wait.
                if (found.succeeded()) {
                  seen(found.result());
                }
                if (missed) {
                  look();
                }
              });
    }

    private void seen(Lookup lookup) {
      boolean done =
          switch (lookup) {
            case Lookup.Found(JobRecord record) -> enough.test(record);
            case Lookup.Absent absent -> true;
            case Lookup.Recovering recovering -> false;
          };
      if (done && !over) {
        stop();
        outcome.complete(lookup);
      }
    }

    private void endNow() {
      context.runOnContext(here -> timeIsUp());
    }

    private void timeIsUp() {
      if (over) {
        return;
      }
      stop();
      OnContext.of(vertx, shared.next()).onComplete(outcome);
    }

    private void stop() {
      over = true;
      all.remove(this);
      subscription.close();
      shared.close();
      vertx.cancelTimer(deadline);
      vertx.cancelTimer(polling);
    }
  }
}
