package io.sluice.gateway.held;

import io.sluice.JobId;
import io.sluice.JobState;
import io.sluice.Unavailable;
import io.sluice.gateway.Intake;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends jobs that nobody waits for any longer. Where one is held by several clients, which a shared
 * idempotency key makes possible, the last one's leave ends it. While the store is away it is asked
 * again, for a bounded time. Safe from any thread.
 */
final class Withdrawals {
  private static final Logger LOG = LoggerFactory.getLogger(Withdrawals.class);
  private static final Duration APART = Duration.ofSeconds(1);
  private static final int TRIES = 60;
  private static final long POLL_MS = 10;
  private static final Duration STOP_MAX = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final Intake intake;
  private final ConcurrentHashMap<JobId, Integer> holders = new ConcurrentHashMap<>();
  private final Set<Future<?>> underWay = ConcurrentHashMap.newKeySet();

  Withdrawals(Vertx vertx, Intake intake) {
    this.vertx = vertx;
    this.intake = intake;
  }

  /** One more client holds a job. */
  void enter(JobId id) {
    holders.merge(id, 1, Integer::sum);
  }

  /** One of them holds it no longer, whatever its job did. */
  void leave(JobId id) {
    holders.computeIfPresent(id, (same, count) -> count == 1 ? null : count - 1);
  }

  /** Ends a job, unless somebody else holds it. */
  void end(RoutingContext http, JobId id) {
    if (!holders.containsKey(id)) {
      Promise<Void> done = Promise.promise();
      underWay.add(done.future());
      done.future().onComplete(over -> underWay.remove(done.future()));
      ask(http, id, TRIES, done);
    }
  }

  private void ask(RoutingContext http, JobId id, int tries, Promise<Void> done) {
    intake
        .withdraw(http, id, JobState.IN_PROGRESS)
        .onSuccess(asked -> done.complete())
        .onFailure(
            e -> {
              if (e instanceof Unavailable && tries > 1) {
                vertx.setTimer(APART.toMillis(), fired -> ask(http, id, tries - 1, done));
              } else {
                LOG.warn("{} goes on though nobody waits for it: {}", id, e.toString());
                done.complete();
              }
            });
  }

  /** Completes when nobody holds a job and all that is to end was told, or after a short while. */
  Future<Void> settled() {
    Promise<Void> settled = Promise.promise();
    // Twice, since between a client's leave and the end of its job there is a moment.
    AtomicInteger quiet = new AtomicInteger();
    long polling =
        vertx.setPeriodic(
            1,
            POLL_MS,
            tick -> {
              boolean none = holders.isEmpty() && underWay.isEmpty();
              if (quiet.updateAndGet(times -> none ? times + 1 : 0) > 1) {
                settled.tryComplete();
              }
            });
    long timer = vertx.setTimer(STOP_MAX.toMillis(), late -> settled.tryComplete());
    return settled
        .future()
        .onComplete(
            over -> {
              vertx.cancelTimer(polling);
              vertx.cancelTimer(timer);
            });
  }
}
