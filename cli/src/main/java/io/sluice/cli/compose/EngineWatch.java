package io.sluice.cli.compose;

import io.sluice.Unavailable;
import io.sluice.worker.ollama.LoadedModel;
import io.sluice.worker.ollama.OllamaModelServer;
import io.sluice.worker.plan.Bytes;
import io.sluice.worker.plan.Resident;
import io.sluice.worker.plan.SlotPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares what one engine has loaded with what was planned, and says once what differs. */
final class EngineWatch {
  private static final Logger LOG = LoggerFactory.getLogger(EngineWatch.class);

  /** It may wait for locks that are held while a model loads. */
  private static final Duration WITHIN = Duration.ofSeconds(20);

  private static final double MOST_OF = 0.9;

  private final String engine;
  private final OllamaModelServer server;
  private final Optional<SlotPlan.Planned> plan;
  private final LoadedMetrics metrics;
  private final Set<String> models;
  private final Runnable spilled;
  private List<String> told = List.of();

  /**
   * @param models those that are served; what somebody else has loaded there is no trouble of
   *     theirs
   * @param spilled called at each look that finds a part of one of them outside the GPU
   */
  EngineWatch(
      String engine,
      OllamaModelServer server,
      Optional<SlotPlan.Planned> plan,
      LoadedMetrics metrics,
      Set<String> models,
      Runnable spilled) {
    this.engine = engine;
    this.server = server;
    this.plan = plan;
    this.metrics = metrics;
    this.models = Set.copyOf(models);
    this.spilled = spilled;
  }

  /** Looks once; used by one thread. */
  void look() {
    List<LoadedModel> all = loaded();
    metrics.show(engine, all);
    List<LoadedModel> loaded = all.stream().filter(this::isServed).toList();
    if (loaded.stream().anyMatch(EngineWatch::isSpilled)) {
      spilled.run();
    }
    List<String> differs = differences(loaded);
    differs.stream().filter(one -> !told.contains(one)).forEach(one -> LOG.warn("{}", one));
    told = differs;
  }

  private boolean isServed(LoadedModel model) {
    return models.stream().anyMatch(model::isNamed);
  }

  private List<LoadedModel> loaded() {
    try {
      return server.loaded(WITHIN);
    } catch (Unavailable e) {
      return List.of();
    }
  }

  private List<String> differences(List<LoadedModel> loaded) {
    List<String> differs = new ArrayList<>();
    for (LoadedModel model : loaded) {
      if (isSpilled(model)) {
        differs.add(
            ("%s keeps %s of the %s of %s outside its GPU, which is many times slower; a smaller"
                    + " OLLAMA_NUM_PARALLEL, context or OLLAMA_KV_CACHE_TYPE makes room, and --spill"
                    + " allow serves it as it is")
                .formatted(
                    engine,
                    Bytes.gib(model.bytes() - model.gpuBytes()),
                    Bytes.gib(model.bytes()),
                    model.name()));
      }
      plan.flatMap(planned -> fewer(planned, model)).ifPresent(differs::add);
    }
    return differs;
  }

  /** One that is outside it altogether is on a server without a GPU. */
  private static boolean isSpilled(LoadedModel model) {
    return model.gpuBytes() > 0 && !model.isOnGpu();
  }

  private Optional<String> fewer(SlotPlan.Planned planned, LoadedModel model) {
    return planned.memory().residents().stream()
        .filter(one -> model.isNamed(one.shape().name()))
        .findFirst()
        .filter(one -> seen(planned, one, model) < MOST_OF * planned.slots())
        .map(
            one ->
                ("%s takes %s for %s, room for %d of %d slots with %s keys and values: it was not"
                        + " started with %s")
                    .formatted(
                        engine,
                        Bytes.gib(model.bytes()),
                        model.name(),
                        seen(planned, one, model),
                        planned.slots(),
                        planned.kv().wireName(),
                        OllamaSettingsLine.of(planned)));
  }

  private static long seen(SlotPlan.Planned planned, Resident one, LoadedModel model) {
    return one.slotsIn(model.bytes(), planned.kv());
  }
}
