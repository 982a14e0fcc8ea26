package io.sluice.redis;

import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The calls to Redis: a bounded number under way, fewer than there may be connections, the rest in
 * line, each with one deadline from its submission. Closed until {@link #open}.
 */
final class Calls {
  /** The longest that a call takes; two timeouts of the client, a delay between, and some more. */
  static final Duration DEADLINE = Duration.ofMillis(1400);

  static final int UNDER_WAY = 32;
  private static final int IN_LINE = 20_000;

  private final Queue<Call<?>> line = new ArrayDeque<>();
  // Guarded by this, like the line.
  private int free;
  private Optional<Unavailable> closed = Optional.empty();
  private final int width;
  private final ThreadLocal<AtomicInteger> turns = new ThreadLocal<>();

  Calls(int width) {
    this.width = width;
  }

  <T> Future<T> submit(Supplier<CompletableFuture<T>> start) {
    Call<T> call = new Call<>(start, new CompletableFuture<>());
    synchronized (this) {
      if (closed.isPresent()) {
        return Future.failedFuture(closed.get());
      }
      if (line.size() >= IN_LINE) {
        return Future.failedFuture(new Unavailable(Errors.PART, "too many calls in line"));
      }
      line.add(call);
    }
    call.answer().orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    startOne();
    return Future.fromCompletionStage(call.answer());
  }

  /** The connection stands: calls may go. */
  void open() {
    synchronized (this) {
      free = width;
    }
    for (int i = 0; i < width; i++) {
      startOne();
    }
  }

  /** Fails what waits and what comes. */
  void close(Unavailable why) {
    List<Call<?>> waiting;
    synchronized (this) {
      closed = Optional.of(why);
      waiting = List.copyOf(line);
      line.clear();
    }
    waiting.forEach(call -> call.answer().completeExceptionally(why));
  }

  /**
   * Starts one call if there is room. A call that settles while it starts comes back here on the
   * same thread; it leaves its turn to the loop below it, so that the stack stays flat.
   */
  private void startOne() {
    AtomicInteger owed = turns.get();
    if (owed != null) {
      owed.incrementAndGet();
      return;
    }
    owed = new AtomicInteger(1);
    turns.set(owed);
    try {
      while (owed.getAndDecrement() > 0) {
        Optional.ofNullable(take()).ifPresent(this::start);
      }
    } finally {
      turns.remove();
    }
  }

  private synchronized Call<?> take() {
    while (free > 0 && !line.isEmpty()) {
      Call<?> next = line.remove();
      if (!next.answer().isDone()) {
        free--;
        return next;
      }
    }
    return null;
  }

  private <T> void start(Call<T> call) {
    CompletableFuture<T> asked = asked(call);
    call.answer().whenComplete((value, error) -> asked.cancel(false));
    asked.whenComplete((value, error) -> settled(call, value, error));
  }

  private static <T> CompletableFuture<T> asked(Call<T> call) {
    try {
      return call.start().get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private <T> void settled(Call<T> call, T value, Throwable error) {
    synchronized (this) {
      free++;
    }
    if (error == null) {
      call.answer().complete(value);
    } else {
      call.answer().completeExceptionally(error);
    }
    startOne();
  }

  private record Call<T>(Supplier<CompletableFuture<T>> start, CompletableFuture<T> answer) {}
}
