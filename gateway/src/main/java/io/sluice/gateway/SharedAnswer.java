package io.sluice.gateway;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An answer that costs something, and that everybody gets who asks within a second of it: however
 * many ask, it is looked for once a second and once at a time. Safe from any thread.
 */
final class SharedAnswer<T> {
  static final Duration LIFE = Duration.ofSeconds(1);

  /** What takes longer is given up, and looked for again. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Supplier<Future<T>> look;
  private Optional<Future<T>> last = Optional.empty();
  private long begun;

  SharedAnswer(Supplier<Future<T>> look) {
    this.look = look;
  }

  /** Completes on any thread. */
  synchronized Future<T> get() {
    long now = System.nanoTime();
    Optional<Future<T>> known = last.filter(it -> isFresh(it, now - begun));
    if (known.isPresent()) {
      return known.get();
    }
    begun = now;
    // Of no context, so that each who asks hears it on its own.
    Promise<T> answer = Promise.promise();
    last = Optional.of(answer.future());
    look.get().onComplete(answer);
    return answer.future();
  }

  private static boolean isFresh(Future<?> answer, long ageNanos) {
    Duration life = answer.isComplete() ? LIFE : PATIENCE;
    return ageNanos < life.toNanos();
  }
}
