package io.sluice.worker.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.ModelFacts;
import io.sluice.Pool;
import io.sluice.Unavailable;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import io.sluice.tls.ClientTls;
import io.sluice.worker.Generation;
import io.sluice.worker.ModelServer;
import io.sluice.worker.Unloading;
import io.sluice.worker.http.Call;
import io.sluice.worker.http.EmbedRequest;
import io.sluice.worker.http.Endpoint;
import io.sluice.worker.http.EngineClient;
import io.sluice.worker.http.StreamedGeneration;
import io.sluice.worker.http.WholeAnswer;
import io.sluice.worker.plan.Shape;
import io.sluice.worker.plan.ShapeReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * An Ollama server, spoken to in its native protocol, and never by a verb that manages it. Holds
 * one connection per running generation.
 */
public final class OllamaModelServer implements ModelServer {
  /** A model that leaves its memory does so in a few seconds. */
  private static final Duration STOPPING_MOST = Duration.ofSeconds(10);

  private final HttpClient http;
  private final Endpoint endpoint;
  private final OllamaSettings settings;
  private final Contexts contexts;
  private final Call call;
  private final Probe probe;
  private final Unloader unloader;

  public OllamaModelServer(URI base, OllamaSettings settings) {
    this(base, settings, ClientTls.DEFAULT);
  }

  /** A server where each pool gets its own context. */
  public OllamaModelServer(URI base, OllamaSettings settings, ClientTls tls) {
    this(base, settings, tls, List.of());
  }

  /**
   * A server that may be behind TLS, and may ask for a certificate.
   *
   * @param pools all that it is to serve: those of one model share their largest context
   * @throws IllegalArgumentException where a file of {@code tls} is wrong
   */
  public OllamaModelServer(
      URI base, OllamaSettings settings, ClientTls tls, Collection<Pool> pools) {
    this.settings = settings;
    this.contexts = Contexts.of(pools);
    endpoint = new Endpoint(base);
    http = EngineClient.of(settings.connectTimeout(), tls);
    call = new Call(http);
    probe = new Probe(call, endpoint, settings, contexts);
    unloader = new Unloader(call, endpoint);
  }

  /** Its templates leave the last message of the assistant open. */
  @Override
  public boolean continuesAnswers() {
    return true;
  }

  @Override
  public Generation start(Job job) {
    try {
      return switch (job.kind()) {
        case CHAT -> generate("/api/chat", job);
        case GENERATE -> generate("/api/generate", job);
        case EMBED -> embed(job);
      };
    } catch (CodecException e) {
      return StreamedGeneration.failed(FailureMapping.of(FailureCode.INVALID_REQUEST));
    }
  }

  private Generation generate(String path, Job job) {
    ObjectNode body = RequestBody.of(job, contexts.of(job.pool()));
    return StreamedGeneration.start(
        http, endpoint.post(path, body).build(), OllamaDialect.INSTANCE, settings.stream());
  }

  /**
   * Nothing is asked of a model that generates: Ollama would load it anew to say that it cannot.
   */
  private Generation embed(Job job) {
    EmbedRequest asked = EmbedRequest.of(job);
    if (probe.isKnownToGenerate(job.pool())) {
      return StreamedGeneration.failed(
          new Failure(FailureCode.INVALID_REQUEST, FailureMapping.NO_EMBEDDINGS));
    }
    ObjectNode body = RequestBody.embed(job.pool().model(), contexts.of(job.pool()), asked);
    return StreamedGeneration.start(
        http,
        endpoint.post(EmbedDialect.PATH, body).build(),
        new EmbedDialect(asked, job.promptTokens()),
        settings.stream().lineBytesMax(WholeAnswer.BYTES_MAX));
  }

  @Override
  public Optional<Failure> probe(Pool pool) {
    Duration most = settings.probeDeadline();
    return unloader
        .stuck(pool, most.compareTo(STOPPING_MOST) < 0 ? most : STOPPING_MOST)
        .or(() -> probe.of(pool));
  }

  @Override
  public Unloading unload(Pool pool, Duration within) {
    return unloader.unload(pool, within);
  }

  @Override
  public List<String> models(Duration within) {
    List<String> names = new ArrayList<>();
    for (JsonNode model : answer(endpoint.get("/api/tags"), within).path("models")) {
      names.add(model.path("name").asText());
    }
    return names;
  }

  /**
   * What it tells of a model's memory.
   *
   * @throws Unavailable if it does not answer, each time within this time
   */
  public Shape shape(String model, Duration within) {
    long bytes = 0;
    for (JsonNode one : answer(endpoint.get("/api/tags"), within).path("models")) {
      String name = one.path("name").asText();
      bytes =
          name.equals(model) || name.equals(model + ":latest") ? one.path("size").asLong() : bytes;
    }
    if (bytes == 0) {
      return new Shape.Unknown("the model server does not have " + model);
    }
    JsonNode asked = Json.object().put("model", model);
    return ShapeReader.read(model, answer(endpoint.post("/api/show", asked), within), bytes);
  }

  @Override
  public List<ModelFacts> describe(Set<String> models, Duration within) {
    JsonNode tags = answer(endpoint.get("/api/tags"), within);
    JsonNode loaded = answer(endpoint.get("/api/ps"), within);
    List<ModelFacts> all = new ArrayList<>();
    for (String model : models) {
      JsonNode tag = ModelDescriptions.named(model, tags);
      if (tag.isObject()) {
        JsonNode asked = Json.object().put("model", model);
        JsonNode show = answer(endpoint.post("/api/show", asked), within);
        all.add(ModelDescriptions.of(model, tag, show, ModelDescriptions.named(model, loaded)));
      }
    }
    return all;
  }

  /**
   * The models that it has loaded now.
   *
   * @throws Unavailable if it does not answer; it may take many seconds while it loads
   */
  public List<LoadedModel> loaded(Duration within) {
    return LoadedModel.list(answer(endpoint.get("/api/ps"), within));
  }

  /** Which version it says that it is. */
  public String version(Duration within) {
    return answer(endpoint.get("/api/version"), within).path("version").asText();
  }

  private JsonNode answer(HttpRequest.Builder request, Duration within) {
    try {
      Call.Answer answer = call.ask(request.build(), within);
      if (answer.status() != 200) {
        throw new Unavailable("engine", "the model server answered " + answer.status());
      }
      return Json.MAPPER.readTree(answer.body());
    } catch (IOException | TimeoutException e) {
      throw new Unavailable("engine", "the model server does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("engine", "interrupted while asking the model server", e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
