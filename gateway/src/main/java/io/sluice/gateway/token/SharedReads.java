package io.sluice.gateway.token;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads that many ask for: each gets one that begins after it asked, so that nobody is answered
 * with what was read before, and all who ask meanwhile get the same. They begin at least {@link
 * #BETWEEN} apart, however many ask. Safe from any thread.
 */
final class SharedReads {
  static final Duration BETWEEN = Duration.ofMillis(250);

  private final Vertx vertx;
  private final Supplier<Future<Void>> read;
  private Optional<Promise<Void>> next = Optional.empty();
  private boolean resting;

  SharedReads(Vertx vertx, Supplier<Future<Void>> read) {
    this.vertx = vertx;
    this.read = read;
  }

  /** Completes with a read that begins now or soon; fails as it does. */
  synchronized Future<Void> next() {
    if (!resting) {
      return begin();
    }
    Promise<Void> waiting = next.orElseGet(Promise::promise);
    next = Optional.of(waiting);
    return waiting.future();
  }

  private Future<Void> begin() {
    resting = true;
    vertx.setTimer(BETWEEN.toMillis(), rested -> rested());
    return read.get();
  }

  private synchronized void rested() {
    resting = false;
    Optional<Promise<Void>> waiting = next;
    next = Optional.empty();
    waiting.ifPresent(promise -> begin().onComplete(promise));
  }
}
