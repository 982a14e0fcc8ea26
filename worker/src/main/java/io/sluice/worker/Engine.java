package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One model server with its capacity, and which pools it is known to serve. */
final class Engine {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final Duration ASK = Duration.ofSeconds(5);

  private final EngineConfig config;
  private final Optional<TokenBudget> budget;
  private final Optional<AdaptiveSlots> slots;
  private final Optional<Calibration> calibration;
  private final Capacity capacity;
  private final Supplier<Optional<Room>> slot;
  private final EngineGate gate;

  /**
   * @param changed called when a pool opened, or room came up
   * @param slot waits for a slot at the engine that it is given
   */
  Engine(
      EngineConfig engine,
      WorkerConfig config,
      Lifecycle life,
      InstantSource clock,
      Runnable changed,
      Function<Engine, Optional<Room>> slot) {
    this.config = engine;
    this.budget = engine.tokens().map(it -> new TokenBudget(engine.slots(), it.most()));
    this.slots =
        budget.isPresent()
            ? Optional.empty()
            : Optional.of(new AdaptiveSlots(engine.name(), engine.slots(), clock));
    this.calibration =
        slots
            .filter(it -> engine.calibrate() && engine.slots() > 1)
            .map(it -> new Calibration(engine.server(), it, life, System::nanoTime));
    this.slot = () -> slot.apply(this);
    this.capacity =
        budget.<Capacity>map(it -> it).orElseGet(() -> slots.orElseThrow().slots());
    capacity.onRoom(changed);
    this.gate = new EngineGate(this, config, life, changed, this.slot);
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

  /** The pools that it does not serve now. */
  List<Outage> outages() {
    return gate.outages();
  }

  /** It passed a probe; what it says about its room counts from now on. */
  void proven() {
    boolean asks = config.tokens().filter(EngineConfig.Tokens::serverKnows).isPresent();
    if (asks && budget.isPresent()) {
      server().cacheTokens(ASK).ifPresent(tokens -> resize(budget.get(), tokens));
    }
  }

  private void resize(TokenBudget budget, long tokens) {
    if (tokens != budget.tokens()) {
      LOG.info("{} has room for {} tokens", name(), tokens);
      budget.resize(tokens);
    }
  }

  /**
   * What is left to do before its first pool is served, by a caller that has no slot of it.
   *
   * @return whether it is still as its probe found it
   */
  boolean calibrated(Pool pool) {
    return calibration
        .map(it -> it.finish(pool, () -> slot.get().map(Room::slot)))
        .orElse(true);
  }

  /** A job of this pool failed here. */
  void failed(Pool pool, Failure why) {
    SlotTrouble.of(why.code()).ifPresent(this::trouble);
    gate.failed(pool, why);
  }

  /**
   * It has more requests at a time than it can bear. Nothing changes where tokens bound them, or
   * before it is calibrated.
   */
  void trouble(SlotTrouble why) {
    if (calibration.map(Calibration::isDone).orElse(true)) {
      slots.ifPresent(it -> it.trouble(why));
    }
  }

  /** A job was answered here, and its slot is not yet given back. */
  void answered() {
    slots.ifPresent(AdaptiveSlots::success);
  }

  EngineGauges gauges() {
    return new EngineGauges(
        name(),
        capacity.total(),
        slots.map(AdaptiveSlots::most).orElseGet(capacity::most),
        capacity.busy(),
        slots.map(AdaptiveSlots::lowered).orElseGet(Map::of),
        speeds());
  }

  /** By the number of requests at a time; NaN for those that are not measured yet. */
  private Map<Integer, Double> speeds() {
    Map<Integer, Double> speeds = new TreeMap<>();
    calibration.ifPresent(
        it -> {
          SpeedCurve.numbers(config.slots()).forEach(each -> speeds.put(each, Double.NaN));
          speeds.putAll(it.curve().tokensPerSecond());
        });
    return speeds;
  }

  /** Whether it has less to do than another, for its size. */
  boolean isLessLoadedThan(Engine other) {
    long mine = (long) capacity.busy() * other.capacity.total();
    return mine < (long) other.capacity.busy() * capacity.total();
  }
}
