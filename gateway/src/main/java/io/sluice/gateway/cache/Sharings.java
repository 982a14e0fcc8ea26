package io.sluice.gateway.cache;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Job;
import io.sluice.JobKind;
import io.sluice.Sharing;
import io.sluice.codec.Json;
import io.sluice.gateway.submit.Fingerprint;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether a job shares its answer: where the same request gives the same answer (embeddings, a
 * temperature of 0, or a seed), or where its client asks for it, and nobody said otherwise.
 */
public final class Sharings {
  /** A change of what makes jobs the same changes this, so that old answers are not found. */
  private static final int FORM = 1;

  private static final int CHARS_ON_LOOP_MAX = 16 * 1024;

  /** To engines this asks for another seed each time: Ollama, llama-server and vLLM. */
  private static final int SEED_OF_CHANCE = -1;

  private final Vertx vertx;
  private final CacheConfig config;
  private final ModelIdentity models;

  public Sharings(Vertx vertx, CacheConfig config, ModelIdentity models) {
    this.vertx = vertx;
    this.config = config;
    this.models = models;
  }

  /** Completes on the caller's context; a long request is read off the event loop. */
  public Future<Optional<Sharing>> of(Job job, CacheWish wish) {
    if (config.terms().isEmpty() || !wish.store()) {
      return Future.succeededFuture(Optional.empty());
    }
    return job.request().length() <= CHARS_ON_LOOP_MAX
        ? Future.succeededFuture(read(job, wish))
        : vertx.executeBlocking(() -> read(job, wish), false);
  }

  private Optional<Sharing> read(Job job, CacheWish wish) {
    Optional<String> model = models.of(job.pool());
    if (model.isEmpty()) {
      return Optional.empty();
    }
    JsonNode request = Json.parse(job.request());
    if (!wish.optsIn() && !isDeterministic(job, request)) {
      return Optional.empty();
    }
    Sharing.Terms terms = config.terms().orElseThrow();
    Duration oldest = wish.oldest().filter(it -> it.compareTo(terms.age()) < 0).orElse(terms.age());
    return Optional.of(
        new Sharing(Fingerprint.of(subject(job, model.get(), request), ""), oldest, terms));
  }

  private static boolean isDeterministic(Job job, JsonNode request) {
    JsonNode options = request.path("options");
    JsonNode temperature = options.path("temperature");
    return job.kind() == JobKind.EMBED
        || (temperature.isNumber() && temperature.doubleValue() == 0)
        || (options.path("seed").isNumber() && options.path("seed").intValue() != SEED_OF_CHANCE);
  }

  /** Everything on which an answer depends, and whose it is. */
  private JsonNode subject(Job job, String model, JsonNode request) {
    boolean shared = config.sharedBy().contains(job.tenant());
    ObjectNode subject = Json.object();
    subject.put("form", FORM);
    subject.put("shared", shared);
    subject.put("tenant", shared ? "" : job.tenant());
    subject.put("pool", job.pool().toString());
    subject.put("model", model);
    subject.put("kind", job.kind().wireName());
    subject.put("max_output_tokens", job.maxOutputTokens());
    subject.set("request", request);
    return subject;
  }
}
