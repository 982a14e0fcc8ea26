package io.sluice.worker.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.ModelFacts;
import io.sluice.Pool;
import io.sluice.Unavailable;
import io.sluice.codec.CodecException;
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
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * A server that speaks OpenAI's protocol: vLLM, SGLang or llama-server. Everything goes through
 * {@code /v1/chat/completions}, a single prompt too, since it is the chat template that makes a
 * prompt of it, as in Ollama; embeddings have a path of their own. Holds one connection per running
 * generation.
 */
public final class OpenAiModelServer implements ModelServer {
  static final String CHAT = "/v1/chat/completions";

  private final HttpClient http;
  private final Endpoint endpoint;
  private final OpenAiSettings settings;
  private final Call call;
  private final Probe probe;

  public OpenAiModelServer(URI base, OpenAiSettings settings) {
    this(base, Optional.empty(), settings, ClientTls.DEFAULT);
  }

  /**
   * A server that may want a key, be behind TLS, and ask for a certificate.
   *
   * @param base with or without {@code /v1} at its end
   * @param key shown with every request
   * @throws IllegalArgumentException where a file of {@code tls} is wrong
   */
  public OpenAiModelServer(URI base, Optional<String> key, OpenAiSettings settings, ClientTls tls) {
    this.settings = settings;
    endpoint = new Endpoint(withoutVersion(base), key);
    http = EngineClient.of(settings.connectTimeout(), tls);
    call = new Call(http);
    probe =
        new Probe(
            new ModelList(call, endpoint),
            new Probe.Shortest(this::oneToken, this::oneVector),
            settings);
  }

  @Override
  public Generation start(Job job) {
    try {
      return switch (job.kind()) {
        case CHAT, GENERATE -> start(ChatBody.of(job), job.promptTokens());
        case EMBED -> embed(job.pool(), EmbedRequest.of(job), job.promptTokens());
      };
    } catch (Unmappable e) {
      return StreamedGeneration.failed(new Failure(FailureCode.INVALID_REQUEST, e.getMessage()));
    } catch (CodecException e) {
      return StreamedGeneration.failed(OpenAiErrors.of(FailureCode.INVALID_REQUEST));
    }
  }

  @Override
  public Optional<Failure> probe(Pool pool) {
    return probe.of(pool);
  }

  /** In the server's own order; it does not say which is the newest. */
  @Override
  public List<String> models(Duration within) {
    return ask(within).names();
  }

  /** It has its model in memory for as long as it runs. */
  @Override
  public List<ModelFacts> describe(Set<String> models, Duration within) {
    List<ModelFacts> all = new ArrayList<>();
    for (ModelList.Model known : ask(within).models()) {
      models.stream()
          .filter(known.names()::contains)
          .map(model -> known.facts(model, capabilities(model)))
          .forEach(all::add);
    }
    return all;
  }

  private List<String> capabilities(String model) {
    return probe.embeds(model) ? List.of("embedding") : List.of();
  }

  private ModelList.Models ask(Duration within) {
    try {
      return new ModelList(call, endpoint).ask(within);
    } catch (ModelList.Refused e) {
      throw new Unavailable("engine", e.getMessage());
    } catch (IOException | TimeoutException e) {
      throw new Unavailable("engine", "the model server does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("engine", "interrupted while asking the model server", e);
    }
  }

  /** None of these servers has a word for it. */
  @Override
  public Unloading unload(Pool pool, Duration within) {
    return new Unloading.Unsupported();
  }

  @Override
  public OptionalLong cacheTokens(Duration within) {
    return new CacheSize(call, endpoint).ask(within);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private Generation oneToken(Pool pool) {
    return start(ChatBody.oneToken(pool), 1);
  }

  private Generation oneVector(Pool pool) {
    return embed(pool, EmbedRequest.probe(), 1);
  }

  private Generation embed(Pool pool, EmbedRequest asked, int promptTokens) {
    return StreamedGeneration.start(
        http,
        endpoint
            .post(EmbedDialect.PATH, EmbedBody.of(pool, asked))
            .header("Accept", "application/json")
            .build(),
        new EmbedDialect(asked, promptTokens),
        settings.stream().lineBytesMax(WholeAnswer.BYTES_MAX));
  }

  private Generation start(ObjectNode body, int promptTokens) {
    return StreamedGeneration.start(
        http,
        endpoint.post(CHAT, body).header("Accept", "text/event-stream").build(),
        new OpenAiDialect(promptTokens),
        settings.stream());
  }

  private static URI withoutVersion(URI base) {
    String text = base.toString().replaceAll("/+$", "");
    return URI.create(text.endsWith("/v1") ? text.substring(0, text.length() - 3) : text);
  }
}
