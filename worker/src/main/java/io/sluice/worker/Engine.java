package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.Pool;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One model server with its capacity, and which pools it is known to serve. */
final class Engine {
  private final EngineConfig config;
  private final Capacity capacity;
  private final EngineGate gate;

  /**
   * @param changed called when a pool opened, or room came up
   * @param slot waits for a slot at the engine that it is given
   */
  Engine(
      EngineConfig engine,
      WorkerConfig config,
      Lifecycle life,
      Runnable changed,
      Function<Engine, Optional<Room>> slot) {
    this.config = engine;
    this.capacity = new Slots(engine.slots());
    capacity.onRoom(changed);
    this.gate = new EngineGate(this, config, life, changed, () -> slot.apply(this));
  }

  String name() {
    return config.name();
  }

  ModelServer server() {
    return config.server();
  }

  Capacity capacity() {
    return capacity;
  }

  /** Begins to probe. */
  void start() {
    gate.start();
  }

  /** The pools that it serves now. */
  Set<Pool> open() {
    return gate.open();
  }

  boolean isOpen(Pool pool) {
    return gate.isOpen(pool);
  }

  /** A job of this pool failed here. */
  void failed(Pool pool, Failure why) {
    gate.failed(pool, why);
  }

  /** Whether it has less to do than another, for its size. */
  boolean isLessLoadedThan(Engine other) {
    long mine = (long) capacity.busy() * other.capacity.total();
    return mine < (long) other.capacity.busy() * capacity.total();
  }
}
