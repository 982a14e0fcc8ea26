package io.sluice.gateway.batch;

import io.sluice.Unavailable;
import io.sluice.gateway.bulk.JobGroup;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees what a batch's tenant asks of it while it runs, and when its window ends; then it asks its
 * jobs to end, and lets go of those that do not within {@link #STOP_MAX}.
 */
final class Watch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** As OpenAI has it. */
  static final Duration STOP_MAX = Duration.ofMinutes(10);

  private final BatchFolder folder;
  private final Instant expiresAt;
  private final InstantSource clock;
  private final JobGroup group;
  private final Thread thread;
  private Optional<Stop> stop = Optional.empty();
  private Instant stoppedAt = Instant.MAX;
  private boolean paused;

  /** Why a batch ends before its last request. */
  enum Stop {
    CANCELLED("batch_cancelled", "The batch was cancelled before this request was answered."),
    EXPIRED(
        "batch_expired",
        "This request could not be executed before the completion window expired.");

    private final String code;
    private final String message;

    Stop(String code, String message) {
      this.code = code;
      this.message = message;
    }

    String code() {
      return code;
    }

    String message() {
      return message;
    }
  }

  private Watch(BatchFolder folder, Batch batch, InstantSource clock, JobGroup group) {
    this.folder = folder;
    this.expiresAt = batch.expiresAt();
    this.clock = clock;
    this.group = group;
    this.thread = Thread.ofVirtual().name("sluice-watch-" + batch.id()).unstarted(this::repeat);
  }

  /** Has looked once when it returns. */
  static Watch start(BatchFolder folder, Batch batch, InstantSource clock, JobGroup group) {
    Watch watch = new Watch(folder, batch, clock, group);
    watch.look();
    watch.thread.start();
    return watch;
  }

  /** Why the batch is to end now, if it is. */
  synchronized Optional<Stop> stop() {
    return stop;
  }

  /** Waits while the batch is paused; says whether it goes on. */
  synchronized boolean mayGoOn() throws InterruptedException {
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
      // The batch runs no more.
    }
  }

  private void lookAgain() {
    try {
      look();
    } catch (Unavailable away) {
      LOG.debug("{}: nobody knows what is asked of it: {}", folder.id(), away.getMessage());
    }
  }

  private void look() {
    BatchFolder.Controls asked = folder.controls();
    if (asked.isCancelled()) {
      end(Stop.CANCELLED);
    } else if (!clock.instant().isBefore(expiresAt)) {
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
