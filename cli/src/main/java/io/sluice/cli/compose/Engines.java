package io.sluice.cli.compose;

import io.sluice.Pool;
import io.sluice.Unavailable;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.cli.settings.MemorySettings;
import io.sluice.tls.ClientTls;
import io.sluice.worker.EngineConfig;
import io.sluice.worker.ModelServer;
import io.sluice.worker.ollama.GpuRule;
import io.sluice.worker.ollama.OllamaModelServer;
import io.sluice.worker.ollama.OllamaSettings;
import io.sluice.worker.openai.OpenAiModelServer;
import io.sluice.worker.openai.OpenAiSettings;
import io.sluice.worker.plan.Gpu;
import io.sluice.worker.plan.GpuReading;
import io.sluice.worker.plan.Gpus;
import io.sluice.worker.plan.Shape;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Clients of model servers, and a look at them before they are used. */
public final class Engines {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private Engines() {}

  /** What the first engine that answers tells of a model's memory; nothing if none does. */
  public static Optional<Shape> shape(EngineSettings engines, ClientTls tls, String model) {
    if (engines.kind() != EngineSettings.Kind.OLLAMA) {
      return Optional.of(new Shape.Unknown("only Ollama tells the shape of a model"));
    }
    return engines.urls().stream()
        .flatMap(engine -> shape(engine, tls, model).stream())
        .findFirst();
  }

  private static Optional<Shape> shape(URI engine, ClientTls tls, String model) {
    try (OllamaModelServer server = new OllamaModelServer(engine, OllamaSettings.DEFAULT, tls)) {
      return Optional.of(server.shape(model, PATIENCE));
    } catch (Unavailable e) {
      return Optional.empty();
    }
  }

  /**
   * The GPUs of an engine: those that are named, else those of this machine, if the engine is here.
   */
  public static Gpus.Look gpus(List<Gpu> named, URI engine, Gpus here) {
    if (!named.isEmpty()) {
      return new Gpus.Look.Found(
          IntStream.range(0, named.size())
              .mapToObj(i -> new GpuReading(i, named.get(i), 0, OptionalInt.empty()))
              .toList());
    }
    return Instance.isLoopback(engine.getHost())
        ? here.look()
        : new Gpus.Look.None("the engine is on another machine, whose GPU is named with --gpu");
  }

  /** A client of one of them, in the protocol that they speak, to look at it. */
  static ModelServer open(URI url, EngineSettings engines, ClientTls tls) {
    return switch (engines.kind()) {
      case OLLAMA -> new OllamaModelServer(url, OllamaSettings.DEFAULT, tls);
      case OPENAI -> new OpenAiModelServer(url, engines.apiKey(), OpenAiSettings.DEFAULT, tls);
    };
  }

  /**
   * A client of one of them, to serve the pools of a plan.
   *
   * @param here the GPUs of this machine
   */
  static ModelServer open(URI url, Plan plan, Gpus here) {
    ClientTls tls = plan.guards().transport().engine();
    return switch (plan.engine().kind()) {
      case OLLAMA ->
          new OllamaModelServer(
              url, OllamaSettings.DEFAULT.gpuRule(rule(url, plan, here)), tls, plan.pools());
      case OPENAI -> open(url, plan.engine(), tls);
    };
  }

  /** An engine that is known to have a GPU must use it. */
  private static GpuRule rule(URI url, Plan plan, Gpus here) {
    if (plan.memory().spill() == MemorySettings.Spill.ALLOW) {
      return GpuRule.ANYTHING;
    }
    return gpus(plan.memory().gpus(), url, here) instanceof Gpus.Look.Found
        ? GpuRule.WHOLE
        : GpuRule.ALL_OR_NOTHING;
  }

  /**
   * What the requests of one engine hold together; nothing for Ollama, whose slots have each their
   * own. Until the engine says how much that is, a full context for each slot.
   */
  static Optional<EngineConfig.Tokens> tokens(EngineSettings engines, List<Pool> pools, int slots) {
    if (engines.kind() == EngineSettings.Kind.OLLAMA) {
      return Optional.empty();
    }
    long context = pools.stream().mapToInt(Pool::contextTokens).max().orElseThrow();
    return Optional.of(
        engines
            .tokens()
            .map(most -> new EngineConfig.Tokens(most, false))
            .orElseGet(() -> new EngineConfig.Tokens(context * slots, true)));
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
