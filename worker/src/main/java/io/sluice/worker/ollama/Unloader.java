package io.sluice.worker.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Pool;
import io.sluice.codec.Json;
import io.sluice.worker.Unloading;
import io.sluice.worker.http.Call;
import io.sluice.worker.http.Endpoint;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a model out of Ollama's memory, which kills the process that holds it, as soon as no
 * request uses it. A process that cannot be killed stays in {@code /api/ps} with a time in the
 * past; the command line of Ollama shows it as "Stopping…", and nothing but a restart of Ollama
 * helps.
 */
final class Unloader {
  private static final Logger LOG = LoggerFactory.getLogger(Unloader.class);
  private static final Duration LOOK_FIRST = Duration.ofMillis(50);
  private static final Duration LOOK_MOST = Duration.ofSeconds(1);

  private final Call call;
  private final Endpoint endpoint;

  Unloader(Call call, Endpoint endpoint) {
    this.call = call;
    this.endpoint = endpoint;
  }

  /** Waits for at most so long, three times: for the word, for the list, and for the model. */
  Unloading unload(Pool pool, Duration within) {
    try {
      tell(pool, within);
      return awaitNot(pool, why -> true, within)
          .<Unloading>map(Unloading.Stays::new)
          .orElseGet(Unloading.Gone::new);
    } catch (IOException | TimeoutException e) {
      LOG.debug("No answer while {} was unloaded: {}", pool, e.toString());
      return new Unloading.Stays(FailureMapping.of(FailureCode.ENGINE_UNREACHABLE));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Unloading.Stays(FailureMapping.of(FailureCode.WORKER_DRAINING));
    }
  }

  /** Whether a model is being unloaded and stays so for this time; then nothing can load it. */
  Optional<Failure> stuck(Pool pool, Duration within) {
    try {
      return awaitNot(pool, Unloader::isStuck, within).filter(Unloader::isStuck);
    } catch (IOException | TimeoutException e) {
      LOG.debug("No list of loaded models: {}", e.toString());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(FailureMapping.of(FailureCode.WORKER_DRAINING));
    }
  }

  private static boolean isStuck(Failure why) {
    return why.code() == FailureCode.ENGINE_STUCK;
  }

  /** Looks again and again while the model is loaded for such a reason; the last one. */
  private Optional<Failure> awaitNot(Pool pool, Predicate<Failure> reason, Duration within)
      throws IOException, TimeoutException, InterruptedException {
    long end = System.nanoTime() + within.toNanos();
    Optional<Failure> why = whyLoaded(pool, within);
    for (Duration look = LOOK_FIRST;
        why.filter(reason).isPresent() && System.nanoTime() < end;
        look = longer(look)) {
      Thread.sleep(look);
      why = whyLoaded(pool, within);
    }
    return why;
  }

  private static Duration longer(Duration look) {
    Duration doubled = look.multipliedBy(2);
    return doubled.compareTo(LOOK_MOST) > 0 ? LOOK_MOST : doubled;
  }

  /** What it answers does not matter: the list of loaded models tells. */
  private void tell(Pool pool, Duration within) throws IOException, InterruptedException {
    try {
      call.ask(endpoint.post("/api/generate", RequestBody.unload(pool.model())).build(), within);
    } catch (TimeoutException e) {
      LOG.debug("{} was told to unload {} and does not answer", endpoint, pool);
    }
  }

  /** Why a model is loaded still; nothing where it is not. */
  private Optional<Failure> whyLoaded(Pool pool, Duration within)
      throws IOException, TimeoutException, InterruptedException {
    Call.Answer answer = call.ask(endpoint.get("/api/ps").build(), within);
    for (JsonNode model : Json.MAPPER.readTree(answer.body()).path("models")) {
      String name = model.path("name").asText();
      if (name.equals(pool.model()) || name.equals(pool.model() + ":latest")) {
        return Optional.of(
            isOver(model)
                ? FailureMapping.of(FailureCode.ENGINE_STUCK)
                : new Failure(
                    FailureCode.ENGINE_BUSY, "The model is in use, and cannot be unloaded."));
      }
    }
    return Optional.empty();
  }

  private static boolean isOver(JsonNode model) {
    try {
      return OffsetDateTime.parse(model.path("expires_at").asText())
          .toInstant()
          .isBefore(Instant.now());
    } catch (DateTimeException e) {
      return false;
    }
  }
}
