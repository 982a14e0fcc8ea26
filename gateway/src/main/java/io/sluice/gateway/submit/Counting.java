package io.sluice.gateway.submit;

import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Where submissions are read: short ones on the event loop, long ones on a small pool of threads,
 * so that no loop ever stands still to count a book. What waits for the pool is bounded.
 */
public final class Counting {
  private static final int BYTES_ON_LOOP_MAX = 8 * 1024;
  private static final int WAITING_MAX = 256;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final JobReader reader;
  private final WorkerExecutor threads;
  private final AtomicInteger waiting = new AtomicInteger();

  public Counting(Vertx vertx, JobReader reader) {
    this.reader = reader;
    this.threads =
        vertx.createSharedWorkerExecutor(
            "sluice-counting",
            Math.max(2, Runtime.getRuntime().availableProcessors()),
            30,
            TimeUnit.SECONDS);
  }

  /**
   * Completes on the caller's context; fails with a {@code Refusal}.
   *
   * @param bytes of the body
   * @param read makes something of it, on any thread
   */
  public <T> Future<T> read(int bytes, Function<JobReader, T> read) {
    if (bytes <= BYTES_ON_LOOP_MAX) {
      return Future.succeededFuture(reader).map(read);
    }
    if (waiting.incrementAndGet() > WAITING_MAX) {
      waiting.decrementAndGet();
      return Future.failedFuture(
          ProblemCode.OVERLOADED
              .with("Too many long prompts are being counted.")
              .retryAfter(RETRY_AFTER)
              .refusal());
    }
    return threads
        .executeBlocking(() -> read.apply(reader), false)
        .onComplete(done -> waiting.decrementAndGet());
  }

  public Future<Void> stop() {
    return threads.close();
  }
}
