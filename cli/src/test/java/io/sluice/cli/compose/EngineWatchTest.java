package io.sluice.cli.compose;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.Pool;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.enginesim.SimMemory;
import io.sluice.worker.ollama.OllamaModelServer;
import io.sluice.worker.ollama.OllamaSettings;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineWatchTest {
  private final AtomicInteger spills = new AtomicInteger();

  @ParameterizedTest
  @CsvSource({"14, qwen3:14b, 2", "80, qwen3:14b, 0", "0, qwen3:14b, 0", "14, smollm2:135m, 0"})
  void every_look_at_a_served_model_that_is_partly_outside_the_gpu_says_so(
      int gib, String served, int expected) {
    SimMemory memory = SimMemory.of((long) gib << 30);
    try (EngineSim sim = EngineSim.start(SimConfig.DEFAULT.memory(memory));
        OllamaModelServer server = new OllamaModelServer(sim.uri(), OllamaSettings.DEFAULT)) {
      EngineWatch watch =
          new EngineWatch(
              "engine-1",
              server,
              Optional.empty(),
              new LoadedMetrics(new SimpleMeterRegistry()),
              Set.of(served),
              spills::incrementAndGet);
      watch.look();
      assertThat(spills).as("nothing is loaded").hasValue(0);
      server.probe(Pool.parse("qwen3:14b"));
      watch.look();
      watch.look();
      assertThat(spills).hasValue(expected);
    }
  }
}
