package io.sluice.cli.terminal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether the process was asked to stop. Being asked twice ends it at once. */
public final class StopSignal {
  /** As a shell reports a process that Ctrl-C ended. */
  private static final int AT_ONCE = 130;

  private final CountDownLatch asked = new CountDownLatch(1);

  private StopSignal() {}

  /** Listens to SIGINT and SIGTERM from now on. */
  public static StopSignal listen() {
    StopSignal signal = new StopSignal();
    Signals.onStop(signal::received);
    return signal;
  }

  /** A signal that does not come: the process ends by SIGINT and SIGTERM as any other. */
  public static StopSignal never() {
    return new StopSignal();
  }

  /** Waits until the process is asked to stop. */
  public void await() {
    try {
      asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits at most this long; whether the process was asked. */
  public boolean await(Duration within) {
    try {
      return asked.await(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private synchronized void received() {
    if (asked.getCount() == 0) {
      Runtime.getRuntime().halt(AT_ONCE);
    }
    asked.countDown();
  }
}
