package io.sluice.documents;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Does things when their time is over, on one thread of its own. */
final class Deadlines implements AutoCloseable {
  private static final Duration LOOK_MIN = Duration.ofMillis(50);

  private enum State {
    OPEN,
    KEPT,
    PASSED
  }

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("documents-deadlines").factory());

  /** A time limit; whoever set it says when it was kept. */
  static final class Deadline {
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private volatile Future<?> pending = CompletableFuture.completedFuture(null);

    /** What was to be in time is done: returns whether it was. */
    boolean keep() {
      state.compareAndSet(State.OPEN, State.KEPT);
      pending.cancel(false);
      return state.get() == State.KEPT;
    }
  }

  /** Runs the ending after that time, unless the deadline is kept by then. */
  Deadline in(Duration time, Runnable ending) {
    long end = System.nanoTime() + time.toNanos();
    return when(() -> Duration.ofNanos(end - System.nanoTime()), ending);
  }

  /** Runs the ending when nothing is left of a time that need not pass evenly. */
  Deadline when(Supplier<Duration> left, Runnable ending) {
    Deadline deadline = new Deadline();
    look(deadline, left, ending);
    return deadline;
  }

  private void look(Deadline deadline, Supplier<Duration> left, Runnable ending) {
    Duration more = left.get();
    if (more.isPositive() && deadline.state.get() == State.OPEN) {
      long nanos = Math.max(more.toNanos(), LOOK_MIN.toNanos());
      deadline.pending =
          clock.schedule(() -> look(deadline, left, ending), nanos, TimeUnit.NANOSECONDS);
    } else if (deadline.state.compareAndSet(State.OPEN, State.PASSED)) {
      ending.run();
    }
  }

  /** Does something again and again. */
  void every(Duration time, Runnable action) {
    clock.scheduleWithFixedDelay(action, time.toNanos(), time.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
