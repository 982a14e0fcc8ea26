package io.sluice.worker.openai;

import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.OpenAiSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.tls.ClientTls;
import io.sluice.worker.EmbeddingContract;
import io.sluice.worker.ModelServer;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

class OpenAiEmbeddingTest extends EmbeddingContract {
  @Override
  protected EngineSim simulate(SimConfig config) {
    return EngineSim.start(config, OpenAiSim.DEFAULT);
  }

  @Override
  protected ModelServer connect(URI uri, Duration probe) {
    OpenAiSettings settings =
        OpenAiSettings.DEFAULT
            .grace(Duration.ofMillis(20), Duration.ofMillis(50))
            .probeDeadline(probe);
    return new OpenAiModelServer(uri, Optional.empty(), settings, ClientTls.DEFAULT);
  }
}
