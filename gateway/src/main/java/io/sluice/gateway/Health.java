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

  private final List<Check> checks;

  Health(List<HealthCheck> checks) {
    this.checks = checks.stream().map(Check::of).toList();
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

  private static Future<Found> look(RoutingContext http, Check checked) {
    HealthCheck check = checked.check();
    return OnContext.within(
            http.vertx(),
            CHECK_LIMIT,
            checked.answer().get().map(works -> new Found(check, true, null)),
            () -> Future.succeededFuture(new Found(check, false, "no answer in time")))
        .otherwise(e -> new Found(check, false, e.getMessage()));
  }

  /** Strangers may ask as often as they like: a check is made once a second at most. */
  private record Check(HealthCheck check, SharedAnswer<Void> answer) {
    private static Check of(HealthCheck check) {
      return new Check(check, new SharedAnswer<>(check::check));
    }
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
