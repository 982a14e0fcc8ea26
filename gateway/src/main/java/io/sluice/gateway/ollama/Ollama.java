package io.sluice.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.gateway.held.HeldConfig.Failures;
import io.sluice.gateway.held.Order;
import io.sluice.gateway.held.Surface;
import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.function.Function;

/** The routes of Ollama that make a model speak, and those that are refused. */
public final class Ollama {
  private Ollama() {}

  /** POST /api/chat. */
  public static Surface chat(Failures failures, InstantSource clock) {
    return surface("ollama.chat", json -> new ChatRequest(json, failures, clock).order());
  }

  /** POST /api/generate. */
  public static Surface generate(Failures failures, InstantSource clock) {
    return surface("ollama.generate", json -> new GenerateRequest(json, failures, clock).order());
  }

  /** POST /api/embed. */
  public static Surface embed() {
    return surface("ollama.embed", json -> new EmbedRequest(json, false).order());
  }

  /** POST /api/embeddings, the older one. */
  public static Surface embeddings() {
    return surface("ollama.embeddings", json -> new EmbedRequest(json, true).order());
  }

  /** What would change the models of the workers, who have them set. */
  public static Handler<RoutingContext> management() {
    return http ->
        http.fail(
            ProblemCode.FORBIDDEN
                .with("Models are managed where the workers are, not through the gateway.")
                .refusal());
  }

  private static Surface surface(String name, Function<JsonNode, Order> read) {
    return new Surface() {
      @Override
      public String name() {
        return name;
      }

      /** As Ollama, whose examples send JSON without saying so. */
      @Override
      public boolean takesAnyType() {
        return true;
      }

      @Override
      public Order read(JsonNode body) {
        return read.apply(body);
      }
    };
  }
}
