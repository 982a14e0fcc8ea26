package io.sluice.gateway.pipeline;

import io.sluice.Unavailable;
import io.sluice.gateway.bulk.JobGroup;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees what a pipeline's tenant asks of it while it runs, and when its window ends; then it asks
 * its jobs to end.
 */
final class Watch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final PipelineFolder folder;
  private final Pipeline pipeline;
  private final InstantSource clock;
  private final JobGroup group;
  private final Thread thread;
  private Optional<Stop> stop = Optional.empty();
  private boolean paused;

  /** Why a pipeline ends before its last document. */
  enum Stop {
    CANCELLED("cancelled", "The pipeline was cancelled before this was done."),
    EXPIRED("expired", "The completion window was over before this was done.");

    private final String status;
    private final String message;

    Stop(String status, String message) {
      this.status = status;
      this.message = message;
    }

    String status() {
      return status;
    }

    Fault fault() {
      return new Fault("pipeline_" + status, message);
    }
  }

  private Watch(PipelineFolder folder, Pipeline pipeline, InstantSource clock, JobGroup group) {
    this.folder = folder;
    this.pipeline = pipeline;
    this.clock = clock;
    this.group = group;
    this.thread = Thread.ofVirtual().name("sluice-watch-" + pipeline.id()).unstarted(this::repeat);
  }

  /** Has looked once when it returns. */
  static Watch start(
      PipelineFolder folder, Pipeline pipeline, InstantSource clock, JobGroup group) {
    Watch watch = new Watch(folder, pipeline, clock, group);
    watch.look();
    watch.thread.start();
    return watch;
  }

  /** Why the pipeline is to end now, if it is. */
  synchronized Optional<Stop> stop() {
    return stop;
  }

  /** Waits while the pipeline is paused; says whether it goes on. */
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
      // The pipeline runs no more.
    }
  }

  private void lookAgain() {
    try {
      look();
    } catch (Unavailable away) {
      LOG.debug("{}: nobody knows what is asked of it: {}", pipeline.id(), away.getMessage());
    }
  }

  private void look() {
    PipelineFolder.Controls asked = folder.controls();
    if (asked.isCancelled()) {
      end(Stop.CANCELLED);
    } else if (!clock.instant().isBefore(pipeline.expiresAt())) {
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
        notifyAll();
      }
    }
    group.cancel();
  }
}
