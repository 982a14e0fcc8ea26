package io.sluice.worker.ollama;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Pool;
import io.sluice.codec.Json;
import io.sluice.worker.http.Call;
import io.sluice.worker.http.Endpoint;
import io.sluice.worker.http.TlsTrouble;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a pool's model is ready: loads it, has it generate one token, and looks at the context
 * that it got. Everything else that Ollama can be asked stays green while it hangs.
 */
final class Probe {
  private static final Logger LOG = LoggerFactory.getLogger(Probe.class);

  /** /api/ps may wait for locks that are held while a model is pinged. */
  private static final Duration PS_DEADLINE = Duration.ofSeconds(20);

  private final Call call;
  private final Endpoint endpoint;
  private final OllamaSettings settings;
  private final TlsTrouble trouble;

  Probe(Call call, Endpoint endpoint, OllamaSettings settings) {
    this.call = call;
    this.endpoint = endpoint;
    this.settings = settings;
    this.trouble = new TlsTrouble(endpoint.base());
  }

  Optional<Failure> of(Pool pool) {
    try {
      Optional<Failure> notReady = load(pool).or(() -> oneToken(pool));
      return notReady.or(() -> contextTooSmall(pool));
    } catch (Interrupted e) {
      Thread.currentThread().interrupt();
      return Optional.of(FailureMapping.of(FailureCode.WORKER_DRAINING));
    }
  }

  private Optional<Failure> load(Pool pool) {
    return generate(RequestBody.preload(pool), settings.loadDeadline(), FailureCode.ENGINE_LOADING);
  }

  private Optional<Failure> oneToken(Pool pool) {
    return generate(
        RequestBody.oneToken(pool), settings.probeDeadline(), FailureCode.FIRST_TOKEN_TIMEOUT);
  }

  private Optional<Failure> generate(JsonNode body, Duration within, FailureCode late) {
    try {
      return judge(ask(endpoint.post("/api/generate", body).build(), within));
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

  /** Ollama silently clamps a context to the one that the model was trained with. */
  private Optional<Failure> contextTooSmall(Pool pool) {
    try {
      Call.Answer answer = ask(endpoint.get("/api/ps").build(), PS_DEADLINE);
      for (JsonNode model : Json.MAPPER.readTree(answer.body()).path("models")) {
        int context = model.path("context_length").asInt(pool.contextTokens());
        if (isModel(pool, model) && context < pool.contextTokens()) {
          return Optional.of(tooSmall(context, pool));
        }
      }
    } catch (TimeoutException | IOException e) {
      // The token came; one slow list is no reason to doubt it.
      LOG.debug("No list of loaded models: {}", e.toString());
    }
    return Optional.empty();
  }

  private Call.Answer ask(HttpRequest request, Duration within)
      throws IOException, TimeoutException {
    try {
      return call.ask(request, within);
    } catch (InterruptedException e) {
      throw new Interrupted();
    }
  }

  private static boolean isModel(Pool pool, JsonNode model) {
    String name = model.path("name").asText();
    return name.equals(pool.model()) || name.equals(pool.model() + ":latest");
  }

  private static Failure tooSmall(int context, Pool pool) {
    return new Failure(
        FailureCode.ENGINE_MODEL_MISSING,
        "The model server gives %s %d tokens of context, not the %d of its pool."
            .formatted(pool.model(), context, pool.contextTokens()));
  }

  /** Ends a probe whose thread was interrupted, from wherever it waits. */
  private static final class Interrupted extends RuntimeException {
    Interrupted() {
      super("interrupted", null, false, false);
    }
  }
}
