package io.sluice.worker;

import io.sluice.JobListener;
import io.sluice.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * All model servers of one worker, and the line of those who wait for a slot at one of them. Who
 * fits several gets the least loaded; who came first is served first, unless no room that fits came
 * up.
 */
final class Engines {
  private final List<Engine> all;
  private final Lifecycle life;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final List<Waiter> line = new ArrayList<>();
  private boolean shut;

  Engines(
      List<EngineConfig> engines,
      WorkerConfig config,
      Lifecycle life,
      InstantSource clock,
      JobListener listener) {
    this.life = life;
    all =
        engines.stream()
            .map(
                each ->
                    new Engine(each, config, life, clock, listener, this::changed, this::takeAt))
            .toList();
  }

  List<Engine> all() {
    return all;
  }

  /** Begins to probe all of them. */
  void start() {
    all.forEach(Engine::start);
  }

  /** The pools that any of them serves now. */
  Set<Pool> open() {
    Set<Pool> open = new HashSet<>();
    all.forEach(each -> open.addAll(each.open()));
    return Set.copyOf(open);
  }

  boolean isOpen(Pool pool) {
    return all.stream().anyMatch(each -> each.isOpen(pool));
  }

  /** Requests at the same time, for now. It may change. */
  int total() {
    return all.stream().mapToInt(each -> each.capacity().total()).sum();
  }

  /** Requests that could begin now, at engines that serve anything. It may change. */
  int free() {
    return all.stream()
        .filter(each -> !each.open().isEmpty())
        .mapToInt(each -> Math.max(0, each.capacity().total() - each.capacity().busy()))
        .sum();
  }

  /** What {@link #total} never exceeds. */
  int most() {
    return all.stream().mapToInt(each -> each.capacity().most()).sum();
  }

  /** Waits for a slot at an engine that serves one of these pools; nothing once all are shut. */
  Optional<Room> take(Set<Pool> pools) {
    return await(serving(pools), Optional.empty());
  }

  /** The same, but gives up where no engine has served any of them for so long. */
  Optional<Room> take(Set<Pool> pools, Duration closedAtMost) {
    return await(serving(pools), Optional.of(closedAtMost));
  }

  /** A slot that is free now, at an engine that serves one of these pools; behind all who wait. */
  Optional<Room> takeNow(Set<Pool> pools) {
    lock.lock();
    try {
      return shut ? Optional.empty() : leastLoaded(serving(pools));
    } finally {
      lock.unlock();
    }
  }

  /** A slot that is free now at this engine; behind all who wait. */
  Optional<Room> takeNow(Engine engine) {
    lock.lock();
    try {
      return shut ? Optional.empty() : leastLoaded(each -> each == engine);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a slot at this engine, before all who have no job in hand yet; once the time is over,
   * or the engine serves the pool no more, for one at any engine that does. Nothing once all are
   * shut, or where no engine has served the pool for so long.
   */
  Optional<Room> takeRather(Engine engine, Pool pool, Duration within, Duration closedAtMost) {
    lock.lock();
    try {
      Waiter me = new Waiter(each -> each == engine, lock.newCondition(), true);
      line.add((int) line.stream().filter(each -> each.hasJob).count(), me);
      serve();
      long left = within.toNanos();
      while (left > 0 && me.room.isEmpty() && !shut && engine.isOpen(pool)) {
        left = me.moved.awaitNanos(left);
      }
      me.fits = serving(Set.of(pool));
      return waited(me, Optional.of(closedAtMost));
    } catch (InterruptedException e) {
      throw Await.interrupted(e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * How long a job would wait for a slot at this engine: by the mean of what runs there, behind
   * those with a job in hand that wait for it already; unknown while nothing ended there.
   */
  Optional<Duration> expectedWait(Engine engine) {
    lock.lock();
    try {
      if (engine.capacity().hasRoom()) {
        return Optional.of(Duration.ZERO);
      }
      long ahead =
          line.stream()
              .filter(each -> each.hasJob && each.room.isEmpty() && each.fits.test(engine))
              .count();
      int total = engine.capacity().total();
      return engine.pace().meanRun().map(mean -> mean.multipliedBy(ahead + 1).dividedBy(total));
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a slot at this engine, whatever it serves. */
  private Optional<Room> takeAt(Engine engine) {
    return await(each -> each == engine, Optional.empty());
  }

  /**
   * The worker takes jobs, or takes none: then nobody gets a slot, and nobody waits for one. To be
   * called after each such change.
   */
  void follow() {
    lock.lock();
    try {
      shut = !life.isOpen();
      line.forEach(waiter -> waiter.moved.signal());
    } finally {
      lock.unlock();
    }
  }

  private static Predicate<Engine> serving(Set<Pool> pools) {
    return engine -> engine.open().stream().anyMatch(pools::contains);
  }

  private Optional<Room> await(Predicate<Engine> fits, Optional<Duration> closedAtMost) {
    lock.lock();
    try {
      Waiter me = new Waiter(fits, lock.newCondition(), false);
      line.add(me);
      return waited(me, closedAtMost);
    } catch (InterruptedException e) {
      throw Await.interrupted(e);
    } finally {
      lock.unlock();
    }
  }

  /** To be called with the lock held, by one who is in the line; leaves it. */
  private Optional<Room> waited(Waiter me, Optional<Duration> closedAtMost)
      throws InterruptedException {
    serve();
    boolean goOn = true;
    while (goOn && me.room.isEmpty() && !shut) {
      goOn = await(me, closedAtMost);
    }
    line.remove(me);
    return me.room;
  }

  /** Whether to go on waiting, after something changed. */
  private boolean await(Waiter me, Optional<Duration> closedAtMost) throws InterruptedException {
    if (closedAtMost.isEmpty() || all.stream().anyMatch(me.fits)) {
      me.moved.await();
      return true;
    }
    long left = closedAtMost.get().toNanos();
    while (left > 0 && !shut && me.room.isEmpty() && all.stream().noneMatch(me.fits)) {
      left = me.moved.awaitNanos(left);
    }
    return left > 0;
  }

  /** Room came up, an engine opened, or one closed. */
  private void changed() {
    lock.lock();
    try {
      serve();
    } finally {
      lock.unlock();
    }
  }

  private void serve() {
    for (Waiter waiter : shut ? List.<Waiter>of() : line) {
      if (waiter.room.isEmpty()) {
        waiter.room = leastLoaded(waiter.fits);
      }
      waiter.moved.signal();
    }
  }

  private Optional<Room> leastLoaded(Predicate<Engine> fits) {
    Optional<Engine> best = Optional.empty();
    for (Engine engine : all) {
      if (engine.capacity().hasRoom()
          && fits.test(engine)
          && best.filter(it -> !engine.isLessLoadedThan(it)).isEmpty()) {
        best = Optional.of(engine);
      }
    }
    return best.flatMap(it -> it.capacity().take().map(slot -> new Room(it, slot)));
  }

  /** Somebody in the line. */
  private static final class Waiter {
    private final Condition moved;
    private final boolean hasJob;
    private Predicate<Engine> fits;
    private Optional<Room> room = Optional.empty();

    private Waiter(Predicate<Engine> fits, Condition moved, boolean hasJob) {
      this.fits = fits;
      this.moved = moved;
      this.hasJob = hasJob;
    }
  }
}
