package io.sluice.worker;

import io.sluice.Leases;
import io.sluice.Leases.Lease;
import io.sluice.Subscription;
import io.sluice.Unavailable;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one clock that renews every lease of the worker. It only sends; answers come in on other
 * threads, so that neither a slow engine nor a slow store holds up the renewal of another job.
 */
final class Renewals implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Renewals.class);

  private final Leases leases;
  private final Duration every;
  private final Patience patience;
  private final ScheduledThreadPoolExecutor clock;

  Renewals(Leases leases, Duration every, Patience patience) {
    this.leases = leases;
    this.every = every;
    this.patience = patience;
    this.clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("sluice-renewals").factory());
    clock.setRemoveOnCancelPolicy(true);
  }

  /** Renews until the subscription is closed. */
  Subscription keep(Tenure tenure) {
    AtomicBoolean asking = new AtomicBoolean();
    long ms = every.toMillis();
    ScheduledFuture<?> task =
        clock.scheduleAtFixedRate(() -> renew(tenure, asking), ms, ms, TimeUnit.MILLISECONDS);
    return () -> task.cancel(false);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  /** Skips a turn while an earlier renewal of the same lease has no answer. */
  private void renew(Tenure tenure, AtomicBoolean asking) {
    if (!asking.compareAndSet(false, true)) {
      return;
    }
    Lease lease = tenure.lease();
    leases
        .renew(lease)
        .onSuccess(answer -> tenure.answered(lease, answer))
        .onFailure(e -> notRenewed(lease, e))
        .onComplete(done -> asking.set(false), failed -> asking.set(false));
  }

  private void notRenewed(Lease lease, Throwable e) {
    if (e instanceof Unavailable away) {
      patience.noticed(away);
    } else {
      LOG.error("the lease of {} could not be renewed", lease.id(), e);
    }
  }
}
