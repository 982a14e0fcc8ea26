package io.sluice.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The fleet behind a server, for its operators: the scope {@code admin} is needed. */
public final class Workers {
  private final Api api;
  private final Patience patience;

  public Workers(Api api, InstantSource clock) {
    this.api = api;
    this.patience = new Patience(api, clock);
  }

  /** All that were heard of lately, by id. */
  public List<JsonNode> all() {
    List<JsonNode> all = new ArrayList<>();
    String after = "";
    for (boolean more = true; more; ) {
      String query = after;
      JsonNode page = patience.until(() -> api.workers(query));
      page.path("data").forEach(all::add);
      more = page.path("has_more").asBoolean();
      after = "&after=" + page.path("next").asText();
    }
    return all;
  }

  /** A worker as it last told of itself; nothing where it is not known any more. */
  public Optional<JsonNode> find(String id) {
    return patience.until(
        () -> {
          try {
            return Optional.of(api.worker(id));
          } catch (ServerProblem problem) {
            if (problem.isNotFound()) {
              return Optional.empty();
            }
            throw problem;
          }
        });
  }

  /** Has it pull nothing more, and give back what has not ended by then. */
  public JsonNode drain(String id, Duration within) {
    return patience.until(() -> api.drain(id, within));
  }

  /** Has it pull again. */
  public JsonNode resume(String id) {
    return patience.until(() -> api.resume(id));
  }
}
