package io.sluice.worker.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.JobListener;
import io.sluice.Pool;
import io.sluice.embedded.Embedded;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.worker.EngineConfig;
import io.sluice.worker.Worker;
import io.sluice.worker.WorkerConfig;
import io.sluice.worker.WorkerPorts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationOnOllamaTest {
  private static final Pool POOL = Pool.parse("qwen3:14b");

  @TempDir Path folder;

  @Test
  void it_costs_no_reload_and_never_more_requests_than_slots() {
    try (EngineSim sim = EngineSim.start(SimConfig.DEFAULT.slots(8).answerTokens(100));
        OllamaModelServer server = new OllamaModelServer(sim.uri(), OllamaSettings.DEFAULT);
        Embedded ports =
            Embedded.open(
                folder, new Admission.Bounds(1_000, 1_000), List.of(POOL), InstantSource.system());
        Worker worker =
            new Worker(
                new WorkerPorts(
                    ports.queue(),
                    ports.laneOrder(),
                    ports.leases(),
                    ports.events(),
                    ports.warmSessions(),
                    ports.warmLanes()),
                List.of(new EngineConfig("simulated", server, 8, Optional.empty(), true)),
                WorkerConfig.of("worker-1", Set.of(POOL)),
                JobListener.NONE,
                InstantSource.system())) {
      worker.start();
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> worker.gauges().engineReady());
      assertThat(worker.gauges().engines().getFirst().tokensPerSecond())
          .containsOnlyKeys(1, 2, 4, 8)
          .allSatisfy((requests, speed) -> assertThat(speed).isPositive());
      // One token for the probe, and 64 for each request of each number.
      assertThat(sim.stats().tokens()).isEqualTo(1 + 64 * (1 + 2 + 4 + 8));
      assertThat(sim.stats().loads()).isOne();
      assertThat(sim.stats().reloads()).isZero();
      assertThat(sim.stats().openMax()).isLessThanOrEqualTo(8);
      assertThat(sim.stats().cancelled()).isZero();
    }
  }
}
