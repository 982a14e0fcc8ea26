package io.sluice.gateway;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;

/** Brings what ports answer, on whatever thread and however late, back to the caller's loop. */
public final class OnContext {
  private OnContext() {}

  /** The same result, on the context of the caller. */
  public static <T> Future<T> of(Vertx vertx, Future<T> future) {
    Context context = vertx.getOrCreateContext();
    Promise<T> here = Promise.promise();
    future.onComplete(result -> context.runOnContext(back -> settle(here, result)));
    return here.future();
  }

  /** The same result on the caller's context, or {@code late} when there is none in time. */
  public static <T> Future<T> within(
      Vertx vertx, Duration limit, Future<T> future, Supplier<Future<T>> late) {
    Promise<T> first = Promise.promise();
    long timer =
        vertx.setTimer(
            limit.toMillis(), fired -> late.get().onComplete(result -> settle(first, result)));
    of(vertx, future)
        .onComplete(
            result -> {
              vertx.cancelTimer(timer);
              settle(first, result);
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
