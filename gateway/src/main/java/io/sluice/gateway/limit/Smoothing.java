package io.sluice.gateway.limit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sluice.Admission;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Holds admitted jobs back before they are published, so that a burst is spaced out. At most {@link
 * Admission#SMOOTHING_MAX} each; what is more than can be held goes on at once.
 */
public final class Smoothing {
  static final int HELD_MAX = 10_000;

  private final Vertx vertx;
  private final Timer smoothed;
  private final AtomicInteger held = new AtomicInteger();

  public Smoothing(Vertx vertx, MeterRegistry meters) {
    this.vertx = vertx;
    this.smoothed = meters.timer("sluice.smoothed");
  }

  /** Completes on the caller's context when the delay is over. */
  public Future<Void> hold(Duration delay) {
    if (delay.toMillis() < 1) {
      return Future.succeededFuture();
    }
    if (held.incrementAndGet() > HELD_MAX) {
      held.decrementAndGet();
      return Future.succeededFuture();
    }
    Duration bounded =
        delay.compareTo(Admission.SMOOTHING_MAX) > 0 ? Admission.SMOOTHING_MAX : delay;
    smoothed.record(bounded);
    Promise<Void> over = Promise.promise();
    vertx.setTimer(
        bounded.toMillis(),
        fired -> {
          held.decrementAndGet();
          over.complete();
        });
    return over.future();
  }
}
