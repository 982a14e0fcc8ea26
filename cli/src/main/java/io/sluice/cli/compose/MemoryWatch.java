package io.sluice.cli.compose;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.Pool;
import io.sluice.worker.EngineConfig;
import io.sluice.worker.SlotTrouble;
import io.sluice.worker.Worker;
import io.sluice.worker.ollama.OllamaModelServer;
import io.sluice.worker.plan.Gpus;
import io.sluice.worker.plan.SlotPlan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Looks in the background at the GPUs, at what the engines have loaded and at what they do not
 * serve, so that whoever reads the metrics waits for none of them.
 */
final class MemoryWatch {
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration OUTAGE_PAUSE = Duration.ofSeconds(1);

  private final Plan plan;
  private final MeterRegistry meters;
  private final Gpus gpus;

  /**
   * @param gpus of this machine
   */
  MemoryWatch(Plan plan, MeterRegistry meters, Gpus gpus) {
    this.plan = plan;
    this.meters = meters;
    this.gpus = gpus;
  }

  /** Begins to look; what it returns ends it. */
  Stack start(Worker worker, List<EngineConfig> engines, Optional<SlotPlan.Planned> planned) {
    Stack looks = new Stack();
    LoadedMetrics loaded = new LoadedMetrics(meters);
    looks.push(
        "the look at outages",
        Repeated.start("outages", OUTAGE_PAUSE, () -> shown(loaded, worker)));
    for (EngineConfig engine : engines) {
      if (engine.server() instanceof OllamaModelServer server) {
        EngineWatch watch =
            new EngineWatch(
                engine.name(),
                server,
                planned,
                loaded,
                plan.pools().stream().map(Pool::model).collect(Collectors.toSet()),
                () -> worker.trouble(engine.name(), SlotTrouble.SPILL));
        looks.push("the look at an engine", repeated("loaded " + engine.name(), watch::look));
      }
    }
    MemoryMetrics memory = new MemoryMetrics(meters);
    planned.ifPresent(memory::show);
    if (plan.engine().urls().stream().anyMatch(url -> Instance.isLoopback(url.getHost()))) {
      looks.push("the look at the GPUs", repeated("gpus", () -> memory.show(gpus.look())));
    }
    return looks;
  }

  private static boolean shown(LoadedMetrics loaded, Worker worker) {
    loaded.show(worker.outages());
    return true;
  }

  private static Repeated repeated(String name, Runnable look) {
    return Repeated.start(
        name,
        PAUSE,
        () -> {
          look.run();
          return true;
        });
  }
}
