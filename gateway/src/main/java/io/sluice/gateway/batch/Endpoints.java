package io.sluice.gateway.batch;

import io.sluice.gateway.held.Surface;
import java.util.Map;
import java.util.Optional;

/**
 * What the lines of a batch may ask for.
 *
 * @param all by their paths
 */
public record Endpoints(Map<String, Endpoint> all) {
  public Endpoints {
    all = Map.copyOf(all);
  }

  /** Those of OpenAI's surface. */
  public static Endpoints of(Surface chat, Surface text, Surface embeddings, Surface responses) {
    return new Endpoints(
        Map.of(
            "/v1/chat/completions", new Endpoint(chat, "ollama:chat"),
            "/v1/completions", new Endpoint(text, "ollama:generate"),
            "/v1/embeddings", new Endpoint(embeddings, "ollama:embed"),
            "/v1/responses", new Endpoint(responses, "ollama:chat")));
  }

  Optional<Endpoint> at(String path) {
    return Optional.ofNullable(all.get(path));
  }

  /**
   * One of them.
   *
   * @param scope that its jobs need besides {@code batch}
   */
  public record Endpoint(Surface surface, String scope) {}
}
