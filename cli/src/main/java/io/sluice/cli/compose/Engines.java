package io.sluice.cli.compose;

import io.sluice.Unavailable;
import io.sluice.tls.ClientTls;
import io.sluice.worker.ollama.OllamaModelServer;
import io.sluice.worker.ollama.OllamaSettings;
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

/** A look at a model server before it is used. */
public final class Engines {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private Engines() {}

  /** What an engine tells of a model's memory; nothing if none answers. */
  public static Optional<Shape> shape(URI engine, ClientTls tls, String model) {
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

  /** The models that are installed, newest first; nothing if no engine answers. */
  public static Optional<List<String>> models(URI engine, ClientTls tls) {
    try (OllamaModelServer server = new OllamaModelServer(engine, OllamaSettings.DEFAULT, tls)) {
      return Optional.of(server.models(PATIENCE));
    } catch (Unavailable e) {
      return Optional.empty();
    }
  }
}
