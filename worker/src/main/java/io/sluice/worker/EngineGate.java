package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.FailureCode.Blame;
import io.sluice.Pool;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which pools one model server is known to serve. A pool opens when a probe passes, and closes when
 * a job met an engine that is away, lost the model, or may hang. A probe takes a slot like a job
 * does, since the server must never get more requests than there are slots.
 */
final class EngineGate {
  private static final Logger LOG = LoggerFactory.getLogger(EngineGate.class);
  private static final Failure NOT_YET =
      new Failure(FailureCode.ENGINE_LOADING, "The model server has not answered a probe yet.");

  private final Engine engine;
  private final WorkerConfig config;
  private final Lifecycle life;
  private final Runnable changed;
  private final Supplier<Optional<Room>> slot;

  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Set<Pool> open = new HashSet<>();
  private final Map<Pool, Failure> reasons = new HashMap<>();

  /**
   * @param changed called when a pool opened or closed
   * @param slot waits for a slot at the engine
   */
  EngineGate(
      Engine engine,
      WorkerConfig config,
      Lifecycle life,
      Runnable changed,
      Supplier<Optional<Room>> slot) {
    this.engine = engine;
    this.config = config;
    this.life = life;
    this.changed = changed;
    this.slot = slot;
  }

  void start() {
    config.pools().forEach(this::probeInBackground);
  }

  /** The pools to pull for. */
  Set<Pool> open() {
    lock.lock();
    try {
      return Set.copyOf(open);
    } finally {
      lock.unlock();
    }
  }

  boolean isOpen(Pool pool) {
    return open().contains(pool);
  }

  /** The pools that are closed, and why. */
  List<Outage> outages() {
    lock.lock();
    try {
      return config.pools().stream()
          .filter(pool -> !open.contains(pool))
          .map(pool -> new Outage(engine.name(), pool, reasons.getOrDefault(pool, NOT_YET)))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** A job of this pool failed: closes what must be proven anew. */
  void failed(Pool pool, Failure why) {
    switch (why.code()) {
      case ENGINE_UNREACHABLE -> config.pools().forEach(each -> close(each, why));
      case ENGINE_MODEL_MISSING, ENGINE_LOADING -> close(pool, why);
      default -> {
        if (why.code().blame() == Blame.SUSPECT) {
          close(pool, why);
        }
      }
    }
  }

  private void close(Pool pool, Failure why) {
    lock.lock();
    try {
      if (!open.remove(pool)) {
        return;
      }
    } finally {
      lock.unlock();
    }
    outOfRotation(pool, why);
    changed.run();
    probeInBackground(pool);
  }

  private void probeInBackground(Pool pool) {
    Thread.ofVirtual()
        .name("probe " + engine.name() + " " + pool)
        .start(() -> probeUntilReady(pool));
  }

  private void probeUntilReady(Pool pool) {
    Duration delay = config.pace().probeFirst();
    while (life.isOpen() && !probe(pool)) {
      long half = delay.toMillis() / 2;
      life.restWhileOpen(Duration.ofMillis(half + ThreadLocalRandom.current().nextLong(half + 1)));
      Duration doubled = delay.multipliedBy(2);
      Duration most = config.pace().probeMost();
      delay = doubled.compareTo(most) > 0 ? most : doubled;
    }
  }

  private boolean probe(Pool pool) {
    try {
      boolean ready = passes(pool) && engine.calibrated(pool);
      if (ready) {
        opened(pool);
      }
      return ready;
    } catch (RuntimeException e) {
      LOG.error("the probe of {} broke", pool, e);
      return false;
    }
  }

  private boolean passes(Pool pool) {
    Optional<Room> room = slot.get();
    try {
      return room.isPresent() && answers(pool);
    } finally {
      room.ifPresent(Room::release);
    }
  }

  private boolean answers(Pool pool) {
    Optional<Failure> why = engine.server().probe(pool);
    why.ifPresentOrElse(it -> outOfRotation(pool, it), engine::proven);
    return why.isEmpty();
  }

  private void opened(Pool pool) {
    lock.lock();
    try {
      open.add(pool);
      reasons.remove(pool);
    } finally {
      lock.unlock();
    }
    LOG.info("{} is served by {}", pool, engine.name());
    changed.run();
  }

  /** Logs a reason once, not at every probe. */
  private void outOfRotation(Pool pool, Failure why) {
    lock.lock();
    try {
      Failure before = reasons.put(pool, why);
      if (before != null && before.code() == why.code()) {
        return;
      }
    } finally {
      lock.unlock();
    }
    LOG.warn(
        "{} is not served by {} until a probe passes: {}: {}",
        pool,
        engine.name(),
        why.code(),
        why.message());
  }
}
