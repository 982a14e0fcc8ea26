package io.sluice.worker.ollama;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Pool;
import io.sluice.codec.Json;
import io.sluice.worker.Generation.Piece;
import io.sluice.worker.http.Call;
import io.sluice.worker.http.Dialect;
import io.sluice.worker.http.EmbedRequest;
import io.sluice.worker.http.Endpoint;
import io.sluice.worker.http.TlsTrouble;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a pool's model is ready: loads it, has it generate one token, or make one vector where it
 * generates nothing, and looks at the context and the memory that it got. Everything else that
 * Ollama can be asked stays green while it hangs.
 */
final class Probe {
  private static final Logger LOG = LoggerFactory.getLogger(Probe.class);

  /** /api/ps may wait for locks that are held while a model is pinged. */
  private static final Duration PS_DEADLINE = Duration.ofSeconds(20);

  private final Call call;
  private final Endpoint endpoint;
  private final OllamaSettings settings;
  private final Contexts contexts;
  private final TlsTrouble trouble;
  private final Set<String> generating = ConcurrentHashMap.newKeySet();

  Probe(Call call, Endpoint endpoint, OllamaSettings settings, Contexts contexts) {
    this.call = call;
    this.endpoint = endpoint;
    this.settings = settings;
    this.contexts = contexts;
    this.trouble = new TlsTrouble(endpoint.base());
  }

  Optional<Failure> of(Pool pool) {
    try {
      return proven(pool).or(() -> misplaced(pool));
    } catch (Interrupted e) {
      Thread.currentThread().interrupt();
      return Optional.of(FailureMapping.of(FailureCode.WORKER_DRAINING));
    }
  }

  /** A model that generates nothing says so, and is asked for a vector. */
  private Optional<Failure> proven(Pool pool) {
    Optional<Failure> why = load(pool).or(() -> oneToken(pool));
    if (why.isEmpty()) {
      generating.add(pool.model());
    } else if (why.get().code() == FailureCode.INVALID_REQUEST) {
      generating.remove(pool.model());
      Optional<Failure> vector = loadEmbedding(pool).or(() -> oneVector(pool));
      boolean neither = vector.filter(it -> it.code() == FailureCode.INVALID_REQUEST).isPresent();
      return neither ? why : vector;
    }
    return why;
  }

  /** Whether its model was last seen to generate, and so does not embed. */
  boolean isKnownToGenerate(Pool pool) {
    return generating.contains(pool.model());
  }

  private Optional<Failure> loadEmbedding(Pool pool) {
    return asked(
        endpoint.post(
            EmbedDialect.PATH, RequestBody.preloadEmbedding(pool.model(), contexts.of(pool))),
        settings.loadDeadline(),
        FailureCode.ENGINE_LOADING,
        answer -> answer.status() == 200 ? Optional.empty() : Optional.of(refusal(answer)));
  }

  private Optional<Failure> oneVector(Pool pool) {
    EmbedRequest one = EmbedRequest.probe();
    return asked(
        endpoint.post(EmbedDialect.PATH, RequestBody.embed(pool.model(), contexts.of(pool), one)),
        settings.probeDeadline(),
        FailureCode.FIRST_TOKEN_TIMEOUT,
        answer ->
            answer.status() == 200
                ? vector(new EmbedDialect(one, 1).reading(), answer.body())
                : Optional.of(refusal(answer)));
  }

  private static Failure refusal(Call.Answer answer) {
    return new EmbedDialect(EmbedRequest.probe(), 1).refusal(answer.status(), answer.body());
  }

  private static Optional<Failure> vector(Dialect.Reading reading, String body) {
    reading.pieces(body);
    return reading.end().getFirst() instanceof Piece.Failed(Failure why)
        ? Optional.of(why)
        : Optional.empty();
  }

  private Optional<Failure> load(Pool pool) {
    return generate(
        RequestBody.preload(pool.model(), contexts.of(pool)),
        settings.loadDeadline(),
        FailureCode.ENGINE_LOADING);
  }

  private Optional<Failure> oneToken(Pool pool) {
    return generate(
        RequestBody.oneToken(pool.model(), contexts.of(pool)),
        settings.probeDeadline(),
        FailureCode.FIRST_TOKEN_TIMEOUT);
  }

  private Optional<Failure> generate(JsonNode body, Duration within, FailureCode late) {
    return asked(endpoint.post("/api/generate", body), within, late, Probe::judge);
  }

  private Optional<Failure> asked(
      HttpRequest.Builder request,
      Duration within,
      FailureCode late,
      Function<Call.Answer, Optional<Failure>> judge) {
    try {
      return judge.apply(ask(request.build(), within));
    } catch (TimeoutException e) {
      return Optional.of(FailureMapping.of(late));
    } catch (IOException e) {
      trouble.tell(e);
      return Optional.of(FailureMapping.of(FailureCode.ENGINE_UNREACHABLE));
    }
  }

  private static Optional<Failure> judge(Call.Answer answer) {
    JsonNode body;
    try {
      body = Json.MAPPER.readTree(answer.body());
    } catch (JsonProcessingException e) {
      return Optional.of(
          answer.status() == 200
              ? FailureMapping.of(FailureCode.ENGINE_PROTOCOL)
              : FailureMapping.of(answer.status(), ""));
    }
    if (answer.status() != 200 || body.hasNonNull("error")) {
      return Optional.of(FailureMapping.of(answer.status(), Chunk.errorText(body)));
    }
    return body.path("done").asBoolean()
        ? Optional.empty()
        : Optional.of(FailureMapping.of(FailureCode.ENGINE_ENDED_EARLY));
  }

  /** Ollama clamps a context, and moves layers to the CPU, without a word. */
  private Optional<Failure> misplaced(Pool pool) {
    try {
      Call.Answer answer = ask(endpoint.get("/api/ps").build(), PS_DEADLINE);
      return LoadedModel.list(Json.MAPPER.readTree(answer.body())).stream()
          .filter(model -> model.isOf(pool))
          .findFirst()
          .flatMap(model -> model.misplaced(contexts.of(pool), settings.gpuRule()));
    } catch (TimeoutException | IOException e) {
      // The token came; one slow list is no reason to doubt it.
      LOG.debug("No list of loaded models: {}", e.toString());
      return Optional.empty();
    }
  }

  private Call.Answer ask(HttpRequest request, Duration within)
      throws IOException, TimeoutException {
    try {
      return call.ask(request, within);
    } catch (InterruptedException e) {
      throw new Interrupted();
    }
  }

  /** Ends a probe whose thread was interrupted, from wherever it waits. */
  private static final class Interrupted extends RuntimeException {
    Interrupted() {
      super("interrupted", null, false, false);
    }
  }
}
