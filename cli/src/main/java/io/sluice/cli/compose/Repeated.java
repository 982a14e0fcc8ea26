package io.sluice.cli.compose;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something that is done in the background again and again, on a thread of its own. */
final class Repeated implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Repeated.class);

  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  private Repeated(String name, Duration pause, BooleanSupplier step) {
    thread = Thread.ofVirtual().name(name).unstarted(() -> run(pause, step));
  }

  /**
   * Begins at once.
   *
   * @param step says whether to go on; where it throws, it goes on
   */
  static Repeated start(String name, Duration pause, BooleanSupplier step) {
    Repeated repeated = new Repeated(name, pause, step);
    repeated.thread.start();
    return repeated;
  }

  /** Interrupts a step that is under way, and waits until it has ended. */
  @Override
  public void close() {
    stop.countDown();
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Duration pause, BooleanSupplier step) {
    try {
      while (goesOn(step)) {
        if (stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean goesOn(BooleanSupplier step) {
    try {
      return stop.getCount() > 0 && step.getAsBoolean();
    } catch (RuntimeException e) {
      LOG.warn("{} failed", thread.getName(), e);
      return true;
    }
  }
}
