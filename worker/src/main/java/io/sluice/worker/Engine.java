package io.sluice.worker;

import io.sluice.Conversation;
import io.sluice.Failure;
import io.sluice.Job;
import io.sluice.JobKind;
import io.sluice.JobListener;
import io.sluice.Pool;
import io.sluice.WorkerReport;
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
  private final Company company = new Company();
  private final PromptCache cache = new PromptCache(PromptCache.Bounds.DEFAULT, System::nanoTime);
  private final EnginePace pace = new EnginePace();

  /**
   * @param changed called when a pool opened, or room came up
   * @param slot waits for a slot at the engine that it is given
   */
  Engine(
      EngineConfig engine,
      WorkerConfig config,
      Lifecycle life,
      InstantSource clock,
      JobListener listener,
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
    this.capacity = budget.<Capacity>map(it -> it).orElseGet(() -> slots.orElseThrow().slots());
    capacity.onRoom(changed);
    this.gate = new EngineGate(this, config, life, listener, changed, this.slot);
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

  /** Which conversations are warm here. */
  PromptCache cache() {
    return cache;
  }

  EnginePace pace() {
    return pace;
  }

  WorkerReport.Engine report() {
    return new WorkerReport.Engine(
        name(), capacity.total(), capacity.busy(), List.copyOf(gate.open()));
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

  /** Whether jobs go to it, by pool. */
  List<Circuit> circuits() {
    return gate.circuits();
  }

  /** The pools that it does not serve now. */
  List<Outage> outages() {
    return gate.outages();
  }

  /**
   * It passed a probe, which is made at the start and after a loss: what it says about its room
   * counts from now on, and what it had in its cache is not to be counted on.
   */
  void proven() {
    cache.clear();
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
   * @return why it must be proven anew; nothing where it is still as its probe found it
   */
  Optional<Failure> calibrated(Pool pool) {
    return calibration.flatMap(it -> it.finish(pool, () -> slot.get().map(Room::slot)));
  }

  /** Whether it need not be measured, or need not any more. */
  boolean isCalibrated() {
    return calibration.map(Calibration::isDone).orElse(true);
  }

  /** The attempts that run here. */
  Company company() {
    return company;
  }

  /**
   * A job was answered here, and its slot is not yet given back.
   *
   * @param thought whether it thought, which clients leave out of the next turn's prompt
   */
  void answered(Job job, Outcome.Answered answer, boolean thought, Duration ran) {
    gate.answered(job.pool());
    slots.ifPresent(it -> it.success(job.jobClass()));
    int prompt = answer.usage().promptTokens();
    Optional<Conversation> conversation = Conversation.of(job);
    int warm = conversation.map(cache::tokens).orElse(0);
    if (job.kind() != JobKind.EMBED) {
      pace.answered(prompt, Math.min(warm, prompt), answer.reading(), ran);
    }
    int next = thought ? prompt : answer.usage().tokens();
    conversation.ifPresent(it -> cache.served(it, next));
  }

  /** What it serves may have changed, since nothing was asked of it for a while. */
  void proveAgain() {
    gate.proveAgain();
  }

  /** A job of this pool failed here; whether the pool must be proven anew is decided by that. */
  void failed(Pool pool, Failure why) {
    SlotTrouble.of(why.code()).ifPresent(this::trouble);
    gate.failed(pool, why);
  }

  /**
   * A job of this pool failed here, and the pool must be proven anew.
   *
   * @param hangs whether the pool's model hangs under several
   */
  void failed(Pool pool, Failure why, boolean hangs) {
    SlotTrouble.of(why.code()).ifPresent(this::trouble);
    gate.close(pool, why, hangs);
  }

  /**
   * It has more requests at a time than it can bear. Nothing changes where tokens bound them, or
   * before it is calibrated.
   */
  void trouble(SlotTrouble why) {
    if (isCalibrated()) {
      slots.ifPresent(it -> it.trouble(why));
    }
  }

  EngineGauges gauges() {
    return new EngineGauges(
        name(),
        capacity.total(),
        slots.map(AdaptiveSlots::most).orElseGet(capacity::most),
        capacity.busy(),
        slots.map(AdaptiveSlots::lowered).orElseGet(Map::of),
        speeds(),
        budget.map(it -> new EngineGauges.Tokens(it.held(), it.tokens())));
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
