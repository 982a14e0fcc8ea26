package io.sluice.worker;

import io.sluice.Fleet;
import io.sluice.Fleet.Wish;
import io.sluice.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the fleet of a worker every two seconds, and has the worker do what is wished of it. A
 * fleet that is away changes nothing: a worker that was drained stays so, within the time that it
 * was given.
 */
public final class FleetMember implements AutoCloseable {
  /** How long a worker is known that is not heard of any more. */
  public static final Duration LIFE = Duration.ofSeconds(15);

  private static final Logger LOG = LoggerFactory.getLogger(FleetMember.class);
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final Fleet fleet;
  private final Worker worker;
  private final Worker.About about;
  private final InstantSource clock;
  private final Duration every;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  /** Used by the thread alone. */
  private Optional<Draining> draining = Optional.empty();

  public FleetMember(Fleet fleet, Worker worker, Worker.About about, InstantSource clock) {
    this(fleet, worker, about, clock, EVERY);
  }

  FleetMember(Fleet fleet, Worker worker, Worker.About about, InstantSource clock, Duration every) {
    this.fleet = fleet;
    this.worker = worker;
    this.about = about;
    this.clock = clock;
    this.every = every;
    this.thread = Thread.ofVirtual().name("fleet-member").unstarted(this::repeat);
  }

  /** Once. */
  public void start() {
    thread.start();
  }

  /** Leaves the fleet, once the worker has ended. */
  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join(STOP_LIMIT);
      Await.answer(fleet.leave(worker.report(about).id()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Unavailable e) {
      LOG.debug("the fleet forgets this worker by itself: {}", e.getMessage());
    }
  }

  private void repeat() {
    try {
      do {
        once();
      } while (!stop.await(every.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      throw Await.interrupted(e);
    }
  }

  private void once() {
    try {
      Await.answer(fleet.announce(worker.report(about), LIFE)).ifPresent(this::obey);
    } catch (Unavailable e) {
      LOG.debug("the fleet does not hear of this worker: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("telling the fleet broke", e);
    }
    draining.filter(it -> it.isOver(clock.instant())).ifPresent(over -> worker.giveBack());
  }

  private void obey(Wish wish) {
    switch (wish) {
      case Wish.Serve serve -> {
        draining.ifPresent(it -> LOG.info("takes jobs again"));
        draining = Optional.empty();
        worker.resume();
      }
      case Wish.Drain(Duration within) -> {
        Instant began = draining.map(Draining::began).orElseGet(clock::instant);
        Draining next = new Draining(began, within);
        if (!draining.equals(Optional.of(next))) {
          LOG.info("takes no jobs until told to; what runs has {} s", within.toSeconds());
        }
        draining = Optional.of(next);
        worker.pause();
      }
    }
  }

  /** Since when, and how long what runs may go on. */
  private record Draining(Instant began, Duration within) {
    private boolean isOver(Instant now) {
      return !now.isBefore(began.plus(within));
    }
  }
}
