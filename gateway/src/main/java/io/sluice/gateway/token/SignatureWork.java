package io.sluice.gateway.token;

import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** Signatures that are made and checked on workers; so many wait at most, more are refused. */
final class SignatureWork {
  private static final int WAITING_MAX = 1_000;

  private final WorkerExecutor workers;
  private final AtomicInteger waiting = new AtomicInteger();

  SignatureWork(WorkerExecutor workers) {
    this.workers = workers;
  }

  /** Fails as the work does, or as overloaded. */
  <T> Future<T> run(Callable<T> work) {
    if (waiting.incrementAndGet() > WAITING_MAX) {
      waiting.decrementAndGet();
      return Future.failedFuture(
          ProblemCode.OVERLOADED
              .with("Too many tokens wait to be signed or checked.")
              .retryAfter(Duration.ofSeconds(1))
              .refusal());
    }
    return workers.executeBlocking(work, false).onComplete(done -> waiting.decrementAndGet());
  }
}
