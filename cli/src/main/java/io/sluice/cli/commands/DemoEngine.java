package io.sluice.cli.commands;

import io.sluice.Pool;
import io.sluice.cli.compose.Engines;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.enginesim.SimModel;
import io.sluice.tls.ClientTls;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The engine of a demonstration: a real one if it answers and has a model, else a simulated one.
 *
 * @param sim the simulated engine, if it is that
 * @param settings how the worker reaches it
 */
record DemoEngine(EngineSettings settings, Pool pool, Optional<EngineSim> sim)
    implements AutoCloseable {
  private static final Pool STANDARD = Pool.parse("qwen3:14b");
  private static final int SIM_SLOTS = 2;
  private static final Duration SIM_TOKEN = Duration.ofMillis(25);

  static DemoEngine find(EngineSettings wanted, List<Pool> named) {
    List<String> installed = Engines.models(wanted, ClientTls.DEFAULT).orElse(List.of());
    return installed.isEmpty()
        ? simulated(wanted, named.stream().findFirst().orElse(STANDARD))
        : new DemoEngine(
            wanted,
            named.stream().findFirst().orElseGet(() -> Pool.parse(installed.getFirst())),
            Optional.empty());
  }

  private static DemoEngine simulated(EngineSettings wanted, Pool pool) {
    int slots = Math.max(SIM_SLOTS, wanted.slots().fixed().orElse(SIM_SLOTS));
    EngineSim sim =
        EngineSim.start(
            SimConfig.DEFAULT
                .models(SimModel.named(pool.model()))
                .slots(slots)
                .timing(SimConfig.Timing.NONE.perToken(SIM_TOKEN)));
    return new DemoEngine(
        new EngineSettings(sim.uri(), EngineSettings.Kind.OLLAMA, slots), pool, Optional.of(sim));
  }

  @Override
  public void close() {
    sim.ifPresent(EngineSim::close);
  }
}
