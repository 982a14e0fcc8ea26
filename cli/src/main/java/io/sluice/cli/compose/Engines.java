package io.sluice.cli.compose;

import io.sluice.Unavailable;
import io.sluice.tls.ClientTls;
import io.sluice.worker.ollama.OllamaModelServer;
import io.sluice.worker.ollama.OllamaSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A look at model servers before they are used. */
public final class Engines {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private Engines() {}

  /** The models of the first engine that answers, newest first; nothing if none does. */
  public static Optional<List<String>> models(List<URI> engines, ClientTls tls) {
    return engines.stream().flatMap(engine -> models(engine, tls).stream()).findFirst();
  }

  /** The models that are installed, newest first; nothing if no engine answers. */
  private static Optional<List<String>> models(URI engine, ClientTls tls) {
    try (OllamaModelServer server = new OllamaModelServer(engine, OllamaSettings.DEFAULT, tls)) {
      return Optional.of(server.models(PATIENCE));
    } catch (Unavailable e) {
      return Optional.empty();
    }
  }
}
