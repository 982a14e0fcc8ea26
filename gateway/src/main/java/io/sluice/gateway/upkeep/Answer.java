package io.sluice.gateway.upkeep;

import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a port, on a thread that may. */
public final class Answer {
  private static final long LIMIT_SECONDS = 30;

  private Answer() {}

  /** What the port said; {@link Unavailable} if it said nothing in time. */
  public static <T> T of(Future<T> future) throws InterruptedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a port failed", e.getCause());
    } catch (TimeoutException e) {
      throw new Unavailable("port", "no answer within " + LIMIT_SECONDS + " s");
    }
  }
}
