package io.sluice.worker;

import io.sluice.Conversation;
import io.sluice.Failure;
import io.sluice.Job;
import io.sluice.Pool;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One model server with its capacity, and which pools it is known to serve. */
final class Engine {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final Duration ASK = Duration.ofSeconds(5);

  private final EngineConfig config;
  private final Optional<TokenBudget> budget;
  private final Capacity capacity;
  private final EngineGate gate;
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
      Runnable changed,
      Function<Engine, Optional<Room>> slot) {
    this.config = engine;
    this.budget = engine.tokens().map(it -> new TokenBudget(engine.slots(), it.most()));
    this.capacity = budget.<Capacity>map(it -> it).orElseGet(() -> new Slots(engine.slots()));
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

  /** Which conversations are warm here. */
  PromptCache cache() {
    return cache;
  }

  EnginePace pace() {
    return pace;
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
   * A job was answered here.
   *
   * @param thought whether it thought, which clients leave out of the next turn's prompt
   */
  void answered(Job job, Outcome.Answered answer, boolean thought, Duration ran) {
    int prompt = answer.usage().promptTokens();
    Optional<Conversation> conversation = Conversation.of(job);
    int warm = conversation.map(cache::tokens).orElse(0);
    pace.answered(prompt, Math.min(warm, prompt), answer.reading(), ran);
    int next = thought ? prompt : answer.usage().tokens();
    conversation.ifPresent(it -> cache.served(it, next));
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
