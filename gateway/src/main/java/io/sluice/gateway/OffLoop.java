package io.sluice.gateway;

import io.sluice.Job;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/**
 * Work that reads what a job was asked: at once where that is short, else on a thread of its own,
 * so that no event loop stands still to read a book.
 */
public final class OffLoop {
  private static final int CHARS_ON_LOOP_MAX = 16 * 1024;

  private OffLoop() {}

  /**
   * Completes on the caller's context.
   *
   * @param work safe from any thread; what it throws fails the future
   */
  public static <T> Future<T> of(Vertx vertx, Job job, Supplier<T> work) {
    return job.request().length() <= CHARS_ON_LOOP_MAX
        ? Future.succeededFuture(work).map(Supplier::get)
        : vertx.executeBlocking(work::get, false);
  }
}
