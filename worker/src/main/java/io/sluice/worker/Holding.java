package io.sluice.worker;

import io.sluice.Delivery;
import io.sluice.JobId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The message of a job in the hands of this worker. It is replaced when the same job is handed out
 * again, which happens when the connection to the queue was replaced: then only the newer delivery
 * can still be settled. The older one is settled as done, which changes nothing if it is stale, and
 * drops it if it was a duplicate.
 */
final class Holding {
  private static final Logger LOG = LoggerFactory.getLogger(Holding.class);

  private final JobId id;

  // Guarded by this.
  private Delivery delivery;
  private boolean settling;

  Holding(Delivery delivery) {
    this.id = delivery.message().job().id();
    this.delivery = delivery;
  }

  /** Takes over a newer delivery of the same job, unless the message is being settled. */
  synchronized boolean replace(Delivery newer) {
    if (settling) {
      return false;
    }
    delivery.done().onFailure(this::notSettled);
    delivery = newer;
    return true;
  }

  /** The job ended, or another message stands for it. */
  void done() {
    answered(settle(Delivery::done));
  }

  /** Back to the queue, unharmed; only while draining. */
  void release() {
    answered(settle(Delivery::release));
  }

  /** To the retry ladder, asked again until the new message is confirmed. */
  void retry(Patience patience, int attempt, Duration after) {
    Supplier<Future<Void>> again = () -> settle(it -> it.retry(attempt, after));
    patience.until(again);
  }

  private Future<Void> settle(Function<Delivery, Future<Void>> how) {
    Delivery last;
    synchronized (this) {
      settling = true;
      last = delivery;
    }
    return how.apply(last);
  }

  /** Waits, so that no more is unacknowledged than runs or is parked. Asked once, by contract. */
  private void answered(Future<Void> settled) {
    try {
      Await.answer(settled);
    } catch (RuntimeException e) {
      notSettled(e);
    }
  }

  private void notSettled(Throwable e) {
    LOG.warn("{} was not settled and comes back: {}", id, e.toString());
  }
}
