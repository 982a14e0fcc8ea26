package io.sluice.worker;

import io.sluice.Fleet;
import io.sluice.ModelFacts;
import io.sluice.Pool;
import io.sluice.Unavailable;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the fleet what the engines of a worker say of the models that they serve: when one begins
 * or ceases to serve a pool, and once a minute, since models are loaded, replaced and let go. On a
 * thread of its own, because an engine may not answer for as long as it loads. Engines of a drained
 * worker are not asked for anything.
 */
public final class ModelReports implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelReports.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final Fleet fleet;
  private final Worker worker;
  private final Pace pace;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  // Used by the thread alone.
  private final Map<String, Said> known = new HashMap<>();
  private boolean told;
  private long toldAt;

  /**
   * @param look between two looks at which pools are served
   * @param refresh how old an engine's word may become
   * @param within for each thing that an engine is asked
   */
  record Pace(Duration look, Duration refresh, Duration within) {
    static final Pace STANDARD =
        new Pace(Duration.ofSeconds(2), Duration.ofMinutes(1), Duration.ofSeconds(20));
  }

  public ModelReports(Fleet fleet, Worker worker) {
    this(fleet, worker, Pace.STANDARD);
  }

  ModelReports(Fleet fleet, Worker worker, Pace pace) {
    this.fleet = fleet;
    this.worker = worker;
    this.pace = pace;
    this.thread = Thread.ofVirtual().name("model-reports").unstarted(this::repeat);
  }

  /** Once. */
  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join(STOP_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void repeat() {
    try {
      do {
        once();
      } while (!stop.await(pace.look().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      LOG.debug("the models are not told of any more");
    }
  }

  private void once() {
    try {
      if (worker.isServing()) {
        worker.engines().forEach(this::ask);
        tell();
      }
    } catch (Unavailable e) {
      LOG.debug("the fleet does not hear of the models: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("telling of the models broke", e);
    }
  }

  /** What an engine said before stays, if it does not answer now. */
  private void ask(Engine engine) {
    Set<String> serves = models(engine.open());
    Said before = known.get(engine.name());
    if (before != null && before.serves().equals(serves) && !isOver(before.at(), before.life())) {
      return;
    }
    List<ModelFacts> facts = before == null ? List.of() : before.facts();
    Duration life = pace.refresh();
    try {
      facts = serves.isEmpty() ? List.of() : engine.server().describe(serves, pace.within());
    } catch (Unavailable e) {
      LOG.debug("{} does not say what it serves: {}", engine.name(), e.getMessage());
      life = pace.refresh().dividedBy(6);
    }
    told &= before != null && before.facts().equals(facts);
    known.put(engine.name(), new Said(serves, facts, System.nanoTime(), life));
  }

  private static Set<String> models(Set<Pool> pools) {
    return pools.stream().map(Pool::model).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Only what is new, or what the fleet may have lost. */
  private void tell() {
    if (!told || isOver(toldAt, pace.refresh())) {
      told = Await.answer(fleet.describe(worker.id(), all()));
      toldAt = System.nanoTime();
    }
  }

  /** One of each model: of an engine that has it loaded, if one has. */
  private List<ModelFacts> all() {
    Map<String, ModelFacts> byName = new LinkedHashMap<>();
    for (Engine engine : worker.engines()) {
      for (ModelFacts facts : known.get(engine.name()).facts()) {
        byName.merge(facts.model(), facts, (one, other) -> one.loaded().isPresent() ? one : other);
      }
    }
    return byName.values().stream().limit(ModelFacts.MODELS_MAX).toList();
  }

  private static boolean isOver(long since, Duration time) {
    return System.nanoTime() - since >= time.toNanos();
  }

  /**
   * What an engine said, when it served these models.
   *
   * @param life after which it is asked again
   */
  private record Said(Set<String> serves, List<ModelFacts> facts, long at, Duration life) {}
}
