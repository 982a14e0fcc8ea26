package io.sluice.worker;

import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the answer of a port on a virtual thread, with a deadline. */
final class Await {
  /** Longer than any port takes to find out by itself that nobody answers. */
  static final Duration DEADLINE = Duration.ofSeconds(15);

  private Await() {}

  /** The answer, or {@link Unavailable} if there was none in time: it may yet take effect. */
  static <T> T answer(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new Unavailable("port", "no answer within " + DEADLINE.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Nobody interrupts the threads of a worker, so it is a bug; the flag is kept for its finder. */
  static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("a thread of the worker was interrupted", e);
  }
}
