package io.sluice.gateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.gateway.Body;
import io.sluice.gateway.submit.Faults;
import io.sluice.gateway.submit.Fields;
import io.sluice.gateway.submit.StrictJson;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.function.Function;

/** Reads the bodies of administrators: an object with known fields, all its faults told at once. */
final class Bodies {
  private final Body body;

  Bodies(Body body) {
    this.body = body;
  }

  /**
   * @param read notes what is wrong in the fields that it is given; its result then counts for
   *     nothing
   */
  <T> Future<T> read(RoutingContext http, Set<String> names, Function<Fields, T> read) {
    return body.read(
        http,
        bytes ->
            Future.succeededFuture(bytes.getBytes())
                .map(json -> read(StrictJson.parse(json), names, read)));
  }

  private static <T> T read(JsonNode json, Set<String> names, Function<Fields, T> read) {
    Faults faults = new Faults();
    if (!json.isObject()) {
      faults.add("", "It must be an object.");
      throw faults.problem().refusal();
    }
    Fields fields = new Fields(json, "", faults);
    fields.allowOnly(names);
    T value = read.apply(fields);
    if (!faults.any()) {
      StrictJson.check(json, faults);
    }
    if (faults.any()) {
      throw faults.problem().refusal();
    }
    return value;
  }
}
