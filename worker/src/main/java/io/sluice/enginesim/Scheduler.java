package io.sluice.enginesim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which models are loaded, and the loads that requests wait for. A request that fits the loaded
 * process gets it at once and without a bound; one that does not waits, behind all others like it,
 * until nobody uses the process any more.
 */
final class Scheduler {
  private final SimConfig config;
  private final Tally tally;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ReentrantLock turn = new ReentrantLock(true);
  private final Map<String, Runner> loaded = new LinkedHashMap<>();
  private int pending;

  Scheduler(SimConfig config, Tally tally) {
    this.config = config;
    this.tally = tally;
  }

  /** A process for this request, loaded if it must be; to be {@link Use#end ended}. */
  Use use(Exchange exchange, SimModel model, Runner.Settings asked) throws Refused, ClientLeft {
    exchange.onLeave(this::wake);
    lock.lock();
    try {
      awaitStopped(exchange, model);
      Runner runner = current(model);
      if (runner != null && runner.fits(asked)) {
        return new Use(runner);
      }
      if (pending >= config.queueMax()) {
        throw new Refused(EngineError.BUSY);
      }
      pending++;
    } finally {
      lock.unlock();
    }
    turn.lock();
    try {
      return load(exchange, model, asked);
    } finally {
      turn.unlock();
      lock.lock();
      pending--;
      lock.unlock();
    }
  }

  /** What /api/ps shows: a model that is still loading is not there. */
  List<Runner> loaded() {
    lock.lock();
    try {
      List.copyOf(loaded.values()).forEach(runner -> current(runner.model()));
      return new ArrayList<>(loaded.values());
    } finally {
      lock.unlock();
    }
  }

  /** Unloads a model as soon as nobody uses it. */
  void unload(SimModel model) {
    lock.lock();
    try {
      Runner runner = loaded.get(model.name());
      if (runner != null) {
        runner.keepAlive = Duration.ZERO;
        runner.expiresAt = Instant.now().minusSeconds(1);
        current(model);
      }
    } finally {
      lock.unlock();
    }
  }

  void killAll() {
    lock.lock();
    try {
      loaded.values().forEach(Runner::kill);
      loaded.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private Use load(Exchange exchange, SimModel model, Runner.Settings asked)
      throws Refused, ClientLeft {
    lock.lock();
    try {
      Runner runner = current(model);
      if (runner != null && runner.fits(asked)) {
        return new Use(runner);
      }
      makeRoom(exchange, model);
    } finally {
      lock.unlock();
    }
    tally.loads.increment();
    try {
      exchange.pause(config.timing().load());
    } catch (ClientLeft e) {
      tally.abortedLoads.increment();
      throw e;
    }
    lock.lock();
    try {
      Runner runner = new Runner(model, asked, config.slots(), place(asked));
      loaded.put(model.name(), runner);
      return new Use(runner);
    } finally {
      lock.unlock();
    }
  }

  /** The lock is held. */
  private SimMemory.Placed place(Runner.Settings asked) throws Refused {
    long taken = loaded.values().stream().mapToLong(each -> each.placed().gpuBytes()).sum();
    return config
        .memory()
        .place(asked.contextTokens(), config.slots(), taken)
        .orElseThrow(() -> new Refused(EngineError.LOAD_OOM));
  }

  private void makeRoom(Exchange exchange, SimModel model) throws ClientLeft {
    Runner own = current(model);
    if (own != null) {
      waitUntilIdle(exchange, own);
      tally.reloads.increment();
      remove(own);
    }
    while (loaded.size() >= config.loadedModelsMax()) {
      Runner oldest = loaded.values().iterator().next();
      waitUntilIdle(exchange, oldest);
      remove(oldest);
    }
  }

  private void waitUntilIdle(Exchange exchange, Runner runner) throws ClientLeft {
    while (runner.references > 0) {
      if (exchange.hasLeft()) {
        throw new ClientLeft();
      }
      changed.awaitUninterruptibly();
    }
  }

  /** A model that is being unloaded is not loaded again before. The lock is held. */
  private void awaitStopped(Exchange exchange, SimModel model) throws ClientLeft {
    for (Runner runner = loaded.get(model.name());
        runner != null && runner.isStuck() && Instant.now().isAfter(runner.expiresAt);
        runner = loaded.get(model.name())) {
      if (exchange.hasLeft()) {
        throw new ClientLeft();
      }
      changed.awaitUninterruptibly();
    }
  }

  /** The loaded process of a model, null if there is none; one whose time is over is unloaded. */
  private Runner current(SimModel model) {
    Runner runner = loaded.get(model.name());
    boolean isOver =
        runner != null && runner.references == 0 && Instant.now().isAfter(runner.expiresAt);
    if (isOver && !runner.isStuck()) {
      remove(runner);
      return null;
    }
    return runner;
  }

  private void remove(Runner runner) {
    runner.kill();
    loaded.remove(runner.model().name(), runner);
    changed.signalAll();
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** One request's hold on a process, which cannot be unloaded meanwhile. */
  final class Use {
    private final Runner runner;
    private boolean ended;

    /** Called with the lock held. */
    private Use(Runner runner) {
      this.runner = runner;
      runner.references++;
    }

    Runner runner() {
      return runner;
    }

    /** Sticks to the process until another request says otherwise. */
    void keepAlive(Duration keepAlive) {
      lock.lock();
      runner.keepAlive = keepAlive;
      lock.unlock();
    }

    /** Ending twice is harmless. */
    void end() {
      lock.lock();
      try {
        if (ended) {
          return;
        }
        ended = true;
        runner.references--;
        runner.expiresAt =
            runner.keepAlive.isNegative() ? Instant.MAX : Instant.now().plus(runner.keepAlive);
        current(runner.model());
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
