package io.sluice.gateway;

import io.sluice.Unavailable;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Brings what ports answer, on whatever thread, back to the caller's event loop, and in time: a
 * port that hangs, against its promise, is one that is away.
 */
public final class OnContext {
  private static final Duration PORT_LIMIT = Duration.ofSeconds(6);

  private OnContext() {}

  /** What the store answered; {@link Unavailable} if it did not. */
  public static <T> Future<T> of(Vertx vertx, Future<T> store) {
    return within(
        vertx,
        PORT_LIMIT,
        store,
        () -> Future.failedFuture(new Unavailable("store", "no answer in time")));
  }

  /** What a port answered, or {@code late}. */
  public static <T> Future<T> of(Vertx vertx, Future<T> port, T late) {
    return within(vertx, PORT_LIMIT, port, () -> Future.succeededFuture(late));
  }

  /** The same result on the caller's context, or {@code late} when there is none in time. */
  static <T> Future<T> within(
      Vertx vertx, Duration limit, Future<T> future, Supplier<Future<T>> late) {
    if (future.isComplete()) {
      return future;
    }
    Context context = vertx.getOrCreateContext();
    Promise<T> first = Promise.promise();
    long timer =
        vertx.setTimer(
            limit.toMillis(), fired -> late.get().onComplete(result -> settle(first, result)));
    future.onComplete(
        result -> {
          vertx.cancelTimer(timer);
          context.runOnContext(back -> settle(first, result));
        });
    return first.future();
  }

  private static <T> void settle(Promise<T> promise, AsyncResult<T> result) {
    if (result.succeeded()) {
      promise.tryComplete(result.result());
    } else {
      promise.tryFail(result.cause());
    }
  }
}
