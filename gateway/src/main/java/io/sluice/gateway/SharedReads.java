package io.sluice.gateway;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads that many ask for: each gets one that begins after it asked, so that nobody is answered
 * with what was read before, and all who ask meanwhile get the same. They begin at least a time
 * apart, however many ask. Safe from any thread.
 */
public final class SharedReads<T> {
  private final Vertx vertx;
  private final Duration apart;
  private final Supplier<Future<T>> read;
  private Optional<Promise<T>> next = Optional.empty();
  private boolean resting;

  /**
   * @param apart between the beginnings of two reads
   */
  public SharedReads(Vertx vertx, Duration apart, Supplier<Future<T>> read) {
    this.vertx = vertx;
    this.apart = apart;
    this.read = read;
  }

  /** Completes, on any thread, with a read that begins now or soon; fails as it does. */
  public synchronized Future<T> next() {
    if (!resting) {
      return begin();
    }
    Promise<T> waiting = next.orElseGet(Promise::promise);
    next = Optional.of(waiting);
    return waiting.future();
  }

  private Future<T> begin() {
    resting = true;
    vertx.setTimer(apart.toMillis(), rested -> rested());
    return read.get();
  }

  private synchronized void rested() {
    resting = false;
    Optional<Promise<T>> waiting = next;
    next = Optional.empty();
    waiting.ifPresent(promise -> begin().onComplete(promise));
  }
}
