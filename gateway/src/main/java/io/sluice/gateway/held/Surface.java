package io.sluice.gateway.held;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** One route of a protocol that clients speak. Safe from any thread. */
public interface Surface {
  /** What it is called in metrics: {@code ollama.chat}. */
  String name();

  /** Whether a body is read as JSON whatever type it says it has. */
  default boolean takesAnyType() {
    return false;
  }

  /**
   * The surface that reads this body, where something has to be looked up for that. On the context
   * of the request; fails with a {@code Refusal}.
   */
  default Future<Surface> before(RoutingContext http, JsonNode body) {
    return Future.succeededFuture(this);
  }

  /** How many characters {@link #read} goes through besides those of the body. */
  default int charsMore() {
    return 0;
  }

  /**
   * Makes an order of a body. Pure, and called on any thread, since a body may be long; refuses
   * with a {@code Refusal}. What Sluice itself has rules for is left to those who read the job.
   */
  Order read(JsonNode body);
}
