package io.sluice.gateway;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An answer that costs something, and that everybody gets who asks within its life: however many
 * ask, it is looked for once in that time and once at a time. Safe from any thread.
 */
public final class SharedAnswer<T> {
  static final Duration LIFE = Duration.ofSeconds(1);

  /** What takes longer is given up, and looked for again. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Duration life;
  private final Supplier<Future<T>> look;
  private Optional<Future<T>> last = Optional.empty();
  private long begun;

  /** With the life of a second. */
  SharedAnswer(Supplier<Future<T>> look) {
    this(LIFE, look);
  }

  public SharedAnswer(Duration life, Supplier<Future<T>> look) {
    this.life = life;
    this.look = look;
  }

  /** Completes on any thread. */
  public synchronized Future<T> get() {
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

  private boolean isFresh(Future<?> answer, long ageNanos) {
    Duration most = answer.isComplete() ? life : PATIENCE;
    return ageNanos < most.toNanos();
  }
}
