package io.sluice.documents;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Does things when their time is over, on one thread of its own. */
final class Deadlines implements AutoCloseable {
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
    private Future<?> pending;

    /** What was to be in time is done: returns whether it was. */
    boolean keep() {
      state.compareAndSet(State.OPEN, State.KEPT);
      pending.cancel(false);
      return state.get() == State.KEPT;
    }
  }

  /** Runs the ending after that time, unless the deadline is kept by then. */
  Deadline in(Duration time, Runnable ending) {
    Deadline deadline = new Deadline();
    deadline.pending =
        clock.schedule(
            () -> {
              if (deadline.state.compareAndSet(State.OPEN, State.PASSED)) {
                ending.run();
              }
            },
            time.toNanos(),
            TimeUnit.NANOSECONDS);
    return deadline;
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
