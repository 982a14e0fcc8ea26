package io.sluice.worker;

import io.sluice.Delivery;
import io.sluice.HandOver;
import io.sluice.JobClass;
import io.sluice.Lane;
import io.sluice.LaneOrder.Ask;
import io.sluice.LaneOrder.Turn;
import io.sluice.Pool;
import io.sluice.Subscription;
import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages out of the lanes, one for each free slot. As many looks go on at once as have
 * found something lately: one when the lanes are empty, so that an idle worker asks once a second,
 * and as many as there are slots, up to {@link #LOOKS_MOST}, under load.
 */
final class Puller {
  private static final Logger LOG = LoggerFactory.getLogger(Puller.class);
  private static final int LOOKS_MOST = 16;
  private static final Duration AFTER_AN_OUTAGE = Duration.ofMillis(500);

  /** Looks hold slots for a moment, too: to wait for one of those is not to find all taken. */
  private static final Duration WAITED = Duration.ofMillis(20);

  private final WorkerPorts ports;
  private final WorkerConfig config;
  private final Lifecycle life;
  private final Engines engines;
  private final Patience patience;
  private final Fares fares;
  private final WarmLane warmLane;
  private final BiConsumer<Pulled, Room> pulled;

  private final Semaphore looks = new Semaphore(1);
  private final Semaphore bell = new Semaphore(0);
  private final List<Thread> threads = new ArrayList<>();
  private int looksNow = 1; // guarded by this

  Puller(Workplace place, BiConsumer<Pulled, Room> pulled) {
    this.ports = place.ports();
    this.config = place.config();
    this.life = place.life();
    this.engines = place.engines();
    this.patience = place.patience();
    this.fares = place.fares();
    this.warmLane = place.warmLane();
    this.pulled = pulled;
  }

  Subscription start() {
    for (int i = 0; i < Math.min(engines.most(), LOOKS_MOST); i++) {
      threads.add(Thread.ofVirtual().name("puller " + i).start(this::pullWhileOpen));
    }
    return ports.lanes().watch(config.pools(), this::wake);
  }

  /** Something may be due. Rung twice it wakes once. */
  void wake() {
    if (bell.availablePermits() == 0) {
      bell.release();
    }
  }

  /** Lets everybody go who waits, once the worker is no longer open; waits for a last message. */
  void stop(Duration within) {
    bell.release();
    looks.release(LOOKS_MOST);
    long end = System.nanoTime() + within.toNanos();
    try {
      for (Thread thread : threads) {
        thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      throw Await.interrupted(e);
    }
  }

  private void pullWhileOpen() {
    while (life.awaitOpen()) {
      looks.acquireUninterruptibly();
      if (life.isEnding()) {
        return;
      }
      if (look()) {
        goOn();
      } else if (!retire()) {
        rest(config.pace().idleLook());
        looks.release();
      }
    }
  }

  /** After a look that found something: one more goes on, unless there is one for each slot. */
  private synchronized void goOn() {
    int step = Integer.signum(Math.min(engines.total(), LOOKS_MOST) - looksNow);
    looksNow += step;
    looks.release(1 + step);
  }

  /** Whether this look may just end, because there are others. */
  private synchronized boolean retire() {
    boolean others = looksNow > 1;
    looksNow -= others ? 1 : 0;
    return others;
  }

  private void rest(Duration duration) {
    try {
      bell.tryAcquire(duration.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw Await.interrupted(e);
    }
  }

  /** Whether it found a message. */
  private boolean look() {
    Set<Pool> left = new HashSet<>(config.pools());
    long began = System.nanoTime();
    Optional<Room> room = engines.take(left);
    boolean waited = System.nanoTime() - began > WAITED.toNanos();
    while (room.isPresent()) {
      Set<Pool> asked = room.get().serves(left);
      Optional<Pulled> message = pullQuietly(asked, waited);
      if (message.isPresent()) {
        pulled.accept(message.get(), room.get());
        return true;
      }
      room.get().release();
      // Nothing waits for this engine; another one may serve what does.
      left.removeAll(asked);
      room = asked.isEmpty() ? Optional.empty() : engines.takeNow(left);
      waited = false;
    }
    return false;
  }

  /** What breaks here must not end the pulling, and is no job's fault. */
  private Optional<Pulled> pullQuietly(Set<Pool> pools, boolean waited) {
    try {
      Optional<Pulled> handedOver = handedOver();
      return handedOver.isPresent() ? handedOver : pull(pools, waited);
    } catch (Unavailable e) {
      patience.noticed(e);
    } catch (RuntimeException e) {
      LOG.error("pulling broke", e);
    }
    life.restWhileOpen(AFTER_AN_OUTAGE);
    return Optional.empty();
  }

  /** What another worker gave to this one comes first, since it waits only for a moment. */
  private Optional<Pulled> handedOver() {
    Optional<Lane> lane = life.isOpen() ? warmLane.due() : Optional.empty();
    Optional<Pulled> message = lane.flatMap(it -> taken(new Turn(it, 0, 0)));
    if (message.isPresent()) {
      warmLane.found();
    }
    return message;
  }

  private Optional<Pulled> pull(Set<Pool> pools, boolean waited) {
    while (life.isOpen() && !pools.isEmpty()) {
      Fares.Ask ask = fares.ask();
      Optional<Pulled> message = Optional.empty();
      try {
        Optional<Turn> turn =
            Await.answer(ports.lanes().next(new Ask(pools, ask.classes(), ask.keptFree())));
        message = turn.flatMap(this::taken);
        if (turn.isEmpty() || message.isPresent()) {
          return message;
        }
        Await.answer(ports.lanes().emptied(turn.get()));
      } finally {
        fares.answered(ask, message.map(Puller::jobClass), waited);
      }
    }
    return Optional.empty();
  }

  private static JobClass jobClass(Pulled message) {
    return message.delivery().message().job().jobClass();
  }

  private Optional<Pulled> taken(Turn turn) {
    return pull(turn).map(it -> new Pulled(it, fares.of(charged(it, turn), it.message().job())));
  }

  /** A job that was handed over is charged for the turn with which it left its lane. */
  private static Turn charged(Delivery delivery, Turn pulled) {
    return delivery.message().handOver().map(HandOver::turn).orElse(pulled);
  }

  private Optional<Delivery> pull(Turn turn) {
    Future<Optional<Delivery>> answer = ports.queue().pull(turn.lane());
    try {
      return Await.answer(answer);
    } catch (Unavailable e) {
      // A message that comes after all has nobody to run it: back to the lanes with it.
      answer.onSuccess(late -> late.ifPresent(Puller::putBack));
      throw e;
    }
  }

  private static void putBack(Delivery late) {
    late.retry(late.message().attempt(), Duration.ZERO)
        .onFailure(
            e -> {
              LOG.warn("{} came late and is let go", late.message().job().id(), e);
              late.release();
            });
  }
}
