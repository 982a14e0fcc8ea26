package io.sluice.cli.compose;

import io.sluice.Unavailable;
import io.sluice.tls.ClientTls;
import io.sluice.worker.ollama.OllamaModelServer;
import io.sluice.worker.ollama.OllamaSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A look at a model server before it is used. */
public final class Engines {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private Engines() {}

  /** The models that are installed, newest first; nothing if no engine answers. */
  public static Optional<List<String>> models(URI engine, ClientTls tls) {
    try (OllamaModelServer server = new OllamaModelServer(engine, OllamaSettings.DEFAULT, tls)) {
      return Optional.of(server.models(PATIENCE));
    } catch (Unavailable e) {
      return Optional.empty();
    }
  }
}
