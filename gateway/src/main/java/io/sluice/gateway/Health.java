package io.sluice.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.HealthCheck;
import io.sluice.codec.Json;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;

/** Whether the process lives, and whether all that it needs answers. */
final class Health {
  private static final Duration CHECK_LIMIT = Duration.ofSeconds(3);

  private final List<HealthCheck> checks;

  Health(List<HealthCheck> checks) {
    this.checks = checks;
  }

  void live(RoutingContext http) {
    Reply.json(http, 200, Json.object().put("status", "live"));
  }

  void ready(RoutingContext http) {
    List<Future<Found>> found = checks.stream().map(check -> look(http, check)).toList();
    Future.all(found)
        .onSuccess(all -> answer(http, found.stream().map(Future::result).toList()))
        .onFailure(http::fail);
  }

  private static void answer(RoutingContext http, List<Found> found) {
    boolean ready = found.stream().allMatch(one -> one.works() || !one.required());
    ObjectNode json = Json.object().put("status", ready ? "ready" : "not_ready");
    ArrayNode checks = json.putArray("checks");
    for (Found one : found) {
      checks
          .addObject()
          .put("name", one.name())
          .put("works", one.works())
          .put("required", one.required())
          .put("reason", one.reason());
    }
    Reply.json(http, ready ? 200 : 503, json);
  }

  private static Future<Found> look(RoutingContext http, HealthCheck check) {
    return OnContext.within(
            http.vertx(),
            CHECK_LIMIT,
            check.check().map(works -> new Found(check, true, null)),
            () -> Future.succeededFuture(new Found(check, false, "no answer in time")))
        .otherwise(e -> new Found(check, false, e.getMessage()));
  }

  private record Found(HealthCheck check, boolean works, String reason) {
    String name() {
      return check.name();
    }

    boolean required() {
      return check.required();
    }
  }
}
