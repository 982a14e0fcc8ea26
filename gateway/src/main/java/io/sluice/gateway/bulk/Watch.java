package io.sluice.gateway.bulk;

import io.sluice.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees what its tenant asks of an undertaking while it runs, and when its window ends; then it asks
 * its jobs to end, and lets go of those that were begun and do not within {@link #STOP_MAX}. Safe
 * from any thread.
 */
public final class Watch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** As OpenAI has it. */
  public static final Duration STOP_MAX = Duration.ofMinutes(10);

  private final Supplier<Controls> controls;
  private final InstantSource clock;
  private final JobGroup group;
  private final Thread thread;
  private Optional<Stop> stop = Optional.empty();
  private Instant stoppedAt = Instant.MAX;
  private boolean paused;

  /** Why an undertaking ends before its last piece. */
  public enum Stop {
    CANCELLED,
    EXPIRED
  }

  /** What its tenant asks of it. */
  public record Controls(boolean isCancelled, boolean isPaused) {}

  private Watch(JobGroup group, Supplier<Controls> controls, InstantSource clock) {
    this.group = group;
    this.controls = controls;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("sluice-watch-" + id()).unstarted(this::repeat);
  }

  /**
   * Has looked once when it returns.
   *
   * @param controls blocks, and fails with {@link Unavailable} while nobody knows
   */
  public static Watch start(JobGroup group, Supplier<Controls> controls, InstantSource clock) {
    Watch watch = new Watch(group, controls, clock);
    watch.look();
    watch.thread.start();
    return watch;
  }

  private String id() {
    return group.terms().id();
  }

  /** Why it is to end now, if it is. */
  public synchronized Optional<Stop> stop() {
    return stop;
  }

  /** Waits while it is paused; says whether it goes on. */
  public synchronized boolean mayGoOn() throws InterruptedException {
    while (paused && stop.isEmpty()) {
      wait();
    }
    return stop.isEmpty();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void repeat() {
    try {
      while (true) {
        Thread.sleep(PAUSE);
        lookAgain();
      }
    } catch (InterruptedException over) {
      // It runs no more.
    }
  }

  private void lookAgain() {
    try {
      look();
    } catch (Unavailable away) {
      LOG.debug("{}: nobody knows what is asked of it: {}", id(), away.getMessage());
    }
  }

  private void look() {
    Controls asked = controls.get();
    if (asked.isCancelled()) {
      end(Stop.CANCELLED);
    } else if (!clock.instant().isBefore(group.terms().until())) {
      end(Stop.EXPIRED);
    }
    synchronized (this) {
      paused = asked.isPaused();
      notifyAll();
    }
  }

  private void end(Stop why) {
    synchronized (this) {
      if (stop.isEmpty()) {
        stop = Optional.of(why);
        stoppedAt = clock.instant();
        notifyAll();
      }
      // Within, so that nothing that is begun from now on becomes a job.
      group.cancel();
    }
    if (clock.instant().isAfter(stoppedAt.plus(STOP_MAX))) {
      group.close();
    }
  }
}
