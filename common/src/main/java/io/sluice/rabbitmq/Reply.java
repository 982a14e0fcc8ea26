package io.sluice.rabbitmq;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/**
 * The answer to one caller. It arrives on the Vert.x context that asked, or else on a thread of its
 * own: what a caller does with it must never run on the connection's reader thread, nor keep a
 * channel's thread.
 */
final class Reply<T> {
  private final Promise<T> promise = Promise.promise();
  private final Context asked = Vertx.currentContext();

  Future<T> future() {
    return promise.future();
  }

  /** The first answer counts; later ones are ignored. */
  void succeed(T value) {
    deliver(() -> promise.tryComplete(value));
  }

  void fail(Throwable failure) {
    deliver(() -> promise.tryFail(failure));
  }

  private void deliver(Runnable answer) {
    if (asked == null) {
      Thread.startVirtualThread(answer);
    } else {
      asked.runOnContext(ignored -> answer.run());
    }
  }
}
