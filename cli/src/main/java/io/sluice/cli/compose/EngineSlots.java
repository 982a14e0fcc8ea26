package io.sluice.cli.compose;

import io.sluice.Pool;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.tls.ClientTls;
import io.sluice.worker.plan.Gpus;
import io.sluice.worker.plan.KnownModels;
import io.sluice.worker.plan.Shape;
import io.sluice.worker.plan.SlotPlan;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many requests each engine of a plan gets at once: as set, or as many as its memory holds. */
final class EngineSlots {
  private static final Logger LOG = LoggerFactory.getLogger(EngineSlots.class);

  private final Plan plan;
  private final Gpus here;

  /**
   * @param here the GPUs of this machine
   */
  EngineSlots(Plan plan, Gpus here) {
    this.plan = plan;
    this.here = here;
  }

  /** What is known of the slots. */
  sealed interface Answer {
    /**
     * @param plan where they come from; nothing where they are set
     */
    record Known(int slots, Optional<SlotPlan.Planned> plan) implements Answer {}

    /** An engine has to answer first. */
    record Later(String why) implements Answer {}

    /** Somebody has to change something first. */
    record Never(String why) implements Answer {}
  }

  /** Asks the engines and the GPUs, where it must; takes a few seconds at most. */
  Answer ask() {
    if (!plan.engine().slots().isAuto()) {
      return new Answer.Known(plan.engine().slots().fixed().getAsInt(), Optional.empty());
    }
    return switch (gpus()) {
      case Gpus.Look.None none ->
          never("no GPU is known (" + none.why() + "): name its memory, as in --gpu 24GiB");
      case Gpus.Look.Found found -> fitting(found);
    };
  }

  private Gpus.Look gpus() {
    List<java.net.URI> engines = plan.engine().urls();
    if (plan.memory().gpus().isEmpty() && engines.size() > 1) {
      return new Gpus.Look.None("there are " + engines.size() + " engines, and each has its own");
    }
    return Engines.gpus(plan.memory().gpus(), engines.getFirst(), here);
  }

  private Answer fitting(Gpus.Look.Found gpus) {
    TreeMap<String, Shape> shapes = new TreeMap<>();
    for (Pool pool : plan.pools()) {
      Optional<Shape> shape = shape(pool.model());
      if (shape.isEmpty()) {
        return new Answer.Later("no engine that answers has " + pool.model());
      }
      shapes.put(pool.model(), shape.get());
    }
    return switch (SlotPlan.of(plan.pools(), shapes::get, gpus, plan.memory().kv())) {
      case SlotPlan.Planned fits when fits.slots() > 0 ->
          new Answer.Known(fits.slots(), Optional.of(fits));
      case SlotPlan.Planned none ->
          never(
              "not one slot fits ("
                  + none.why()
                  + "): choose a smaller model or context, or --kv q8_0");
      case SlotPlan.Unplanned unknown -> never(unknown.why() + ": name another model");
    };
  }

  /** As an engine tells it, else as it is known by name. */
  private Optional<Shape> shape(String model) {
    EngineSettings engines = plan.engine();
    ClientTls tls = plan.guards().transport().engine();
    return Engines.models(engines, tls)
        .filter(all -> all.contains(model) || all.contains(model + ":latest"))
        .flatMap(all -> Engines.shape(engines, tls, model))
        .or(() -> KnownModels.named(model).map(Shape.Known::new));
  }

  private static Answer never(String why) {
    return new Answer.Never("--slots auto: " + why + ", or the slots, as in --slots 2");
  }

  /** Tells what was planned, and what the engine must be run with for that to hold. */
  static void tell(SlotPlan.Planned planned, List<Pool> pools) {
    LOG.info(
        "{} {} for {} at a time with {} keys and values: {}",
        planned.slots(),
        planned.slots() == 1 ? "request" : "requests",
        String.join(" and ", pools.stream().map(Pool::toString).toList()),
        planned.kv().wireName(),
        planned.why());
    LOG.warn(
        "nothing tells how the engine was started, and with a smaller OLLAMA_NUM_PARALLEL requests"
            + " wait inside it: run it with {}",
        OllamaSettingsLine.of(planned));
  }
}
