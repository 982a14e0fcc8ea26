package io.sluice.cli.compose;

import io.sluice.Unavailable;
import io.sluice.cli.doctor.Check;
import io.sluice.cli.doctor.Finding;
import io.sluice.cli.doctor.Versions;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.tls.ClientTls;
import io.sluice.worker.ModelServer;
import io.sluice.worker.ollama.OllamaModelServer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whether the model server answers, is new enough, and has models. */
public final class EngineCheck implements Check {
  /** Below it a request can read the memory of the process (CVE-2026-7482). */
  private static final String FLOOR = "0.17.1";

  private final URI engine;
  private final EngineSettings engines;
  private final ClientTls tls;
  private final Duration within;

  /**
   * @param engine one of the engines
   * @param within how long an answer may take
   */
  public EngineCheck(URI engine, EngineSettings engines, ClientTls tls, Duration within) {
    this.within = within;
    this.engines = engines;
    this.engine = engine;
    this.tls = tls;
  }

  @Override
  public String about() {
    return "engine";
  }

  @Override
  public List<Finding> look() {
    try (ModelServer server = Engines.open(engine, engines, tls)) {
      List<Finding> found = new ArrayList<>();
      found.add(
          server instanceof OllamaModelServer ollama
              ? version(ollama.version(within))
              : Finding.ok(about(), "answers at " + engine));
      found.add(models(server.models(within)));
      server
          .cacheTokens(within)
          .ifPresent(
              tokens -> found.add(Finding.ok(about(), "has room for " + tokens + " tokens")));
      if (!engine.getScheme().equals("https") && !Instance.isLoopback(engine.getHost())) {
        found.add(
            Finding.warning(
                about(),
                "prompts go to " + engine.getHost() + " in clear",
                "put TLS in front of it (deploy/nginx-engine.conf) and use an https address"));
      }
      return found;
    } catch (Unavailable e) {
      return List.of(
          Finding.failed(
              about(),
              "no answer at " + engine + ": " + said(e),
              "start it, or set SLUICE_ENGINE_URL"));
    }
  }

  private Finding version(String version) {
    return Versions.atLeast(version, FLOOR)
        ? Finding.ok(about(), "answers at " + engine + ", version " + version)
        : Finding.failed(
            about(),
            "version " + version + " has known flaws",
            "update it to " + FLOOR + " or newer");
  }

  private Finding models(List<String> models) {
    return models.isEmpty()
        ? Finding.warning(about(), "has no model", advice())
        : Finding.ok(about(), "has " + String.join(", ", models));
  }

  private String advice() {
    return engines.kind() == EngineSettings.Kind.OLLAMA
        ? "ollama pull qwen3:14b"
        : "start it with a model: docs/engines.md";
  }

  private static String said(Unavailable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    // A connection that is refused has a cause without a word.
    return root == e || root.getMessage() == null
        ? e.getMessage()
        : e.getMessage() + " (" + root.getMessage() + ")";
  }
}
