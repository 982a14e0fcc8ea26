package io.sluice.cli.compose;

import io.sluice.Unavailable;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.tls.ClientTls;
import io.sluice.worker.ModelServer;
import io.sluice.worker.ollama.OllamaModelServer;
import io.sluice.worker.ollama.OllamaSettings;
import io.sluice.worker.openai.OpenAiModelServer;
import io.sluice.worker.openai.OpenAiSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Clients of model servers, and a look at them before they are used. */
public final class Engines {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private Engines() {}

  /** A client of one of them, in the protocol that they speak. */
  static ModelServer open(URI url, EngineSettings engines, ClientTls tls) {
    return switch (engines.kind()) {
      case OLLAMA -> new OllamaModelServer(url, OllamaSettings.DEFAULT, tls);
      case OPENAI -> new OpenAiModelServer(url, engines.apiKey(), OpenAiSettings.DEFAULT, tls);
    };
  }

  /** The models of the first engine that answers, newest first; nothing if none does. */
  public static Optional<List<String>> models(EngineSettings engines, ClientTls tls) {
    return engines.urls().stream()
        .flatMap(engine -> models(engine, engines, tls).stream())
        .findFirst();
  }

  /** The models that are installed, newest first; nothing if no engine answers. */
  private static Optional<List<String>> models(URI url, EngineSettings engines, ClientTls tls) {
    try (ModelServer server = open(url, engines, tls)) {
      return Optional.of(server.models(PATIENCE));
    } catch (Unavailable e) {
      return Optional.empty();
    }
  }
}
