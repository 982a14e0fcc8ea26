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
 * and the memory that it got. Everything else that Ollama can be asked stays green while it hangs.
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

  Probe(Call call, Endpoint endpoint, OllamaSettings settings, Contexts contexts) {
    this.call = call;
    this.endpoint = endpoint;
    this.settings = settings;
    this.contexts = contexts;
    this.trouble = new TlsTrouble(endpoint.base());
  }

  Optional<Failure> of(Pool pool) {
    try {
      Optional<Failure> notReady = load(pool).or(() -> oneToken(pool));
      return notReady.or(() -> misplaced(pool));
    } catch (Interrupted e) {
      Thread.currentThread().interrupt();
      return Optional.of(FailureMapping.of(FailureCode.WORKER_DRAINING));
    }
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
