package io.sluice.redis;

import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The calls to Redis: as many under way as there are connections, the rest in line, each with one
 * deadline from its submission. The line is here because the client library gives a call that finds
 * no free connection two tenths of a second. Closed until {@link #open}.
 */
final class Calls {
  /** The longest that a call takes; two timeouts of the client, a delay between, and some more. */
  static final Duration DEADLINE = Duration.ofMillis(2500);

  static final int UNDER_WAY = 32;
  private static final int IN_LINE = 20_000;

  private final Queue<Call<?>> line = new ArrayDeque<>();
  // Guarded by this, like the line.
  private int free;
  private Optional<Unavailable> closed = Optional.empty();
  private final int width;

  Calls(int width) {
    this.width = width;
  }

  <T> Future<T> submit(Supplier<CompletableFuture<T>> start) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Call<T> call = new Call<>(start, answer);
    boolean now;
    synchronized (this) {
      if (closed.isPresent()) {
        return Future.failedFuture(closed.get());
      }
      if (line.size() >= IN_LINE) {
        return Future.failedFuture(new Unavailable(Errors.PART, "too many calls in line"));
      }
      now = free > 0;
      if (now) {
        free--;
      } else {
        line.add(call);
      }
    }
    answer.orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    if (now) {
      run(call);
    }
    return Future.fromCompletionStage(answer);
  }

  /** The connection stands: calls may go. */
  void open() {
    for (int i = 0; i < width; i++) {
      finished();
    }
  }

  /** Fails what waits and what comes. */
  void close(Unavailable why) {
    synchronized (this) {
      closed = Optional.of(why);
    }
    for (Call<?> call = poll(); call != null; call = poll()) {
      call.answer().completeExceptionally(why);
    }
  }

  private synchronized Call<?> poll() {
    return line.poll();
  }

  private void finished() {
    Call<?> next;
    synchronized (this) {
      do {
        next = line.poll();
      } while (next != null && next.answer().isDone());
      if (next == null) {
        free++;
        return;
      }
    }
    run(next);
  }

  private <T> void run(Call<T> call) {
    CompletableFuture<T> asked;
    try {
      asked = call.start().get();
    } catch (RuntimeException e) {
      asked = CompletableFuture.failedFuture(e);
    }
    CompletableFuture<T> under = asked;
    call.answer().whenComplete((value, error) -> under.cancel(false));
    under.whenComplete((value, error) -> settled(call, value, error));
  }

  private <T> void settled(Call<T> call, T value, Throwable error) {
    if (error == null) {
      call.answer().complete(value);
    } else {
      call.answer().completeExceptionally(error);
    }
    finished();
  }

  private record Call<T>(Supplier<CompletableFuture<T>> start, CompletableFuture<T> answer) {}
}
