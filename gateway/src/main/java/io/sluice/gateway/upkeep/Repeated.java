package io.sluice.gateway.upkeep;

import io.sluice.Unavailable;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A role that runs a {@link Round}, waits, and runs the next: never two at once. A round that fails
 * is logged and followed by the next one; stopping interrupts the one that runs.
 */
public final class Repeated {
  private static final Logger LOG = LoggerFactory.getLogger(Repeated.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final String name;
  private final Duration pause;
  private final Round round;
  private final Runnable atEnd;
  private final Thread thread;

  public Repeated(String name, Duration pause, Round round) {
    this(name, pause, round, () -> {});
  }

  /**
   * @param atEnd runs once when it is stopped; it must not wait
   */
  Repeated(String name, Duration pause, Round round, Runnable atEnd) {
    this.name = name;
    this.pause = pause;
    this.round = round;
    this.atEnd = atEnd;
    this.thread = Thread.ofVirtual().name("sluice-" + name).unstarted(this::repeat);
  }

  public void start() {
    thread.start();
  }

  /** Blocks until the round that runs has ended, at most 5 seconds. */
  public void stop() {
    thread.interrupt();
    try {
      if (thread.isAlive() && !thread.join(STOP_LIMIT)) {
        LOG.warn("{} did not stop within {} s", name, STOP_LIMIT.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void repeat() {
    try {
      while (!Thread.interrupted()) {
        once();
        Thread.sleep(pause);
      }
    } catch (InterruptedException stopped) {
      LOG.debug("{} has stopped", name);
    } finally {
      atEnd.run();
    }
  }

  private void once() throws InterruptedException {
    try {
      round.run();
    } catch (Unavailable away) {
      LOG.warn("{} waits: {} is away: {}", name, away.part(), away.getMessage());
    } catch (RuntimeException bug) {
      LOG.error("{} failed and goes on", name, bug);
    }
  }
}
