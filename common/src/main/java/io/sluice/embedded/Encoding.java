package io.sluice.embedded;

import io.sluice.Job;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/** Where a job is encoded: small ones at once, megabytes away from the caller's event loop. */
final class Encoding {
  private static final int SMALL = 64 * 1024;

  private Encoding() {}

  static <T> Future<T> of(Job job, Supplier<T> encode) {
    if (job.request().length() <= SMALL) {
      return Future.succeededFuture(encode.get());
    }
    Promise<T> promise = Promise.promise();
    Thread.startVirtualThread(
        () -> {
          try {
            promise.complete(encode.get());
          } catch (RuntimeException e) {
            promise.fail(e);
          }
        });
    return promise.future();
  }
}
