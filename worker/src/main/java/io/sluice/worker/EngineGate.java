package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.JobListener;
import io.sluice.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which pools one model server is known to serve. A pool's circuit closes when a probe passes, and
 * opens when a job met an engine that is away, lost the model, or may hang, and when it failed
 * several in a row. A probe takes a slot like a job does, since the server must never get more
 * requests than there are slots.
 */
final class EngineGate {
  private static final Logger LOG = LoggerFactory.getLogger(EngineGate.class);
  private static final Failure NOT_YET =
      new Failure(FailureCode.ENGINE_LOADING, "The model server has not answered a probe yet.");
  private static final Failure MEASURED =
      new Failure(
          FailureCode.ENGINE_LOADING,
          "It is being measured how many requests at a time the model server takes best.");
  private static final Failure NO_SLOT =
      new Failure(FailureCode.ENGINE_BUSY, "There is no slot for a probe.");
  private static final Failure BROKEN =
      new Failure(FailureCode.ENGINE_PROTOCOL, "The probe broke.");

  private final Engine engine;
  private final WorkerConfig config;
  private final Lifecycle life;
  private final Runnable changed;
  private final Supplier<Optional<Room>> slot;
  private final Circuits circuits;
  private final Recovery recovery;
  private final FailureStreaks streaks = new FailureStreaks();
  private final ModelTurns turns = new ModelTurns();

  /**
   * @param changed called when a circuit opened or closed
   * @param slot waits for a slot at the engine
   */
  EngineGate(
      Engine engine,
      WorkerConfig config,
      Lifecycle life,
      JobListener listener,
      Runnable changed,
      Supplier<Optional<Room>> slot) {
    this.engine = engine;
    this.config = config;
    this.life = life;
    this.changed = changed;
    this.slot = slot;
    this.circuits = new Circuits(engine.name(), config.pools(), listener);
    this.recovery = new Recovery(engine, config.deadlines().betweenTokens());
  }

  void start() {
    config.pools().forEach(this::probeInBackground);
  }

  /** The pools to pull for. */
  Set<Pool> open() {
    return circuits.closed();
  }

  boolean isOpen(Pool pool) {
    return circuits.isClosed(pool);
  }

  List<Circuit> circuits() {
    return circuits.all();
  }

  /** The pools that it does not serve, and why. */
  List<Outage> outages() {
    return circuits.all().stream()
        .filter(each -> !each.isClosed())
        .map(each -> new Outage(each.engine(), each.pool(), each.why().orElse(NOT_YET)))
        .toList();
  }

  /** A job of this pool failed, and by no hang or crash, which {@link #close} is for. */
  void failed(Pool pool, Failure why) {
    switch (why.code()) {
      case ENGINE_UNREACHABLE -> config.pools().forEach(each -> close(each, why, false));
      case ENGINE_MODEL_MISSING, ENGINE_LOADING -> close(pool, why, false);
      default -> {
        if (streaks.completes(pool, why.code())) {
          close(pool, why, false);
        }
      }
    }
  }

  /** A job of this pool was answered. */
  void answered(Pool pool) {
    streaks.end(pool);
  }

  /**
   * Takes a pool out of rotation until a probe passes.
   *
   * @param hangs whether its model is known to hang
   */
  void close(Pool pool, Failure why, boolean hangs) {
    if (circuits.trip(pool, why)) {
      changed.run();
      int before = streaks.opened(pool);
      inBackground(
          pool,
          () -> {
            restAfter(before);
            probeUntilReady(pool, hangs);
          });
    }
  }

  /** What passes its probes and fails all jobs would otherwise be given one after the other. */
  private void restAfter(int openings) {
    if (openings > 0) {
      long times = 1L << Math.min(openings - 1, 16);
      rest(shorter(config.pace().probeFirst().multipliedBy(times), config.pace().probeMost()));
    }
  }

  /** Nothing was asked of the server for a while: it proves itself anew. */
  void proveAgain() {
    Set<Pool> again = circuits.openAll();
    changed.run();
    again.forEach(this::probeInBackground);
  }

  private void probeInBackground(Pool pool) {
    inBackground(pool, () -> probeUntilReady(pool, false));
  }

  private void inBackground(Pool pool, Runnable probing) {
    Thread.ofVirtual().name("probe " + engine.name() + " " + pool).start(probing);
  }

  /** Loads the model anew before each probe from the moment that it seems to hang. */
  private void probeUntilReady(Pool pool, boolean hangsAtFirst) {
    boolean hangs = hangsAtFirst;
    long seen = System.nanoTime();
    Duration delay = config.pace().probeFirst();
    while (life.awaitOpen()) {
      Optional<Failure> why = unproven(pool, hangs, seen);
      seen = System.nanoTime();
      if (why.isEmpty()) {
        circuits.close(pool);
        changed.run();
        return;
      }
      if (life.isOpen()) {
        circuits.open(pool, why.get());
      } else {
        circuits.waits(pool);
      }
      hangs |= Recovery.mayHelp(why.get());
      delay = rest(delay);
    }
  }

  /**
   * @param seen when it last failed; where another pool of the model passed later, it hangs no more
   */
  private Optional<Failure> unproven(Pool pool, boolean hangs, long seen) {
    return turns.prove(
        pool,
        () -> {
          if (!life.isOpen()) {
            return Optional.of(NO_SLOT);
          }
          circuits.halfOpen(pool);
          return recovered(pool, hangs && !turns.isProvenSince(pool, seen))
              .or(() -> probe(pool))
              .or(() -> guarded(pool, () -> calibrated(pool)));
        });
  }

  /** For a minute at most it would else look like a server that does not answer. */
  private Optional<Failure> calibrated(Pool pool) {
    if (engine.isCalibrated()) {
      return Optional.empty();
    }
    circuits.stillHalfOpen(pool, MEASURED);
    return engine.calibrated(pool);
  }

  /** Waits before the next probe; how long to wait before the one after it. */
  private Duration rest(Duration delay) {
    long half = delay.toMillis() / 2;
    life.restUntilEnding(Duration.ofMillis(half + ThreadLocalRandom.current().nextLong(half + 1)));
    return shorter(delay.multipliedBy(2), config.pace().probeMost());
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private Optional<Failure> recovered(Pool pool, boolean hangs) {
    return hangs ? guarded(pool, () -> recovery.of(pool)) : Optional.empty();
  }

  /** Why the pool is not served; nothing where it is. */
  private Optional<Failure> probe(Pool pool) {
    Optional<Room> room = slot.get();
    if (room.isEmpty()) {
      return Optional.of(NO_SLOT);
    }
    try {
      return guarded(pool, () -> engine.server().probe(pool).or(this::proven));
    } finally {
      room.get().release();
    }
  }

  private Optional<Failure> proven() {
    engine.proven();
    return Optional.empty();
  }

  private static Optional<Failure> guarded(Pool pool, Supplier<Optional<Failure>> step) {
    try {
      return step.get();
    } catch (RuntimeException e) {
      LOG.error("the probe of {} broke", pool, e);
      return Optional.of(BROKEN);
    }
  }
}
