package io.sluice.gateway;

import io.sluice.Unavailable;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Brings what ports answer, on whatever thread, back to the caller's event loop, and in time: in a
 * request within its {@link RequestTime}, elsewhere within the time of one call. What comes later
 * is dropped, and nothing that hangs on it is done.
 */
public final class OnContext {
  /** A port that hangs longer, against its promise, is one that is away. */
  private static final Duration PORT_LIMIT = Duration.ofSeconds(6);

  private static final String STORE = "store";
  private static final String AUDIT = "audit log";

  private OnContext() {}

  /** What the store answered; {@link Unavailable} if it did not. */
  public static <T> Future<T> of(Vertx vertx, Future<T> store) {
    return from(vertx, STORE, store);
  }

  /** What became of an entry of the audit log; {@link Unavailable} if that is not known in time. */
  public static <T> Future<T> written(Vertx vertx, Future<T> log) {
    return from(vertx, AUDIT, log);
  }

  /** What was found in the audit log: a search may take longer than the calls of other requests. */
  public static <T> Future<T> found(Vertx vertx, Future<T> log) {
    return within(vertx, PORT_LIMIT, log, () -> late(AUDIT));
  }

  private static <T> Future<T> late(String part) {
    return Future.failedFuture(new Unavailable(part, "no answer in time"));
  }

  private static <T> Future<T> from(Vertx vertx, String part, Future<T> port) {
    Optional<RequestTime> time = RequestTime.of(vertx.getOrCreateContext());
    return spending(
        vertx,
        time,
        time.map(RequestTime::leftForStore).orElse(PORT_LIMIT),
        port,
        () -> late(part));
  }

  /** What the queue answered, or {@code late}. */
  public static <T> Future<T> of(Vertx vertx, Future<T> queue, T late) {
    Optional<RequestTime> time = RequestTime.of(vertx.getOrCreateContext());
    return spending(
        vertx,
        time,
        time.map(RequestTime::leftForQueue).orElse(PORT_LIMIT),
        queue,
        () -> Future.succeededFuture(late));
  }

  private static <T> Future<T> spending(
      Vertx vertx,
      Optional<RequestTime> time,
      Duration limit,
      Future<T> port,
      Supplier<Future<T>> late) {
    long begun = System.nanoTime();
    Future<T> answer = within(vertx, limit, port, late);
    time.ifPresent(
        it -> answer.onComplete(done -> it.spend(Duration.ofNanos(System.nanoTime() - begun))));
    return answer;
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
            Math.max(1, limit.toMillis()),
            fired -> late.get().onComplete(result -> settle(first, result)));
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
