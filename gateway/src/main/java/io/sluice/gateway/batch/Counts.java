package io.sluice.gateway.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;

/** How many requests have ended in which way, and what they cost. */
record Counts(int completed, int failed, TokenUse usage) {
  static final Counts NONE = new Counts(0, 0, TokenUse.NONE);

  Counts plus(LineAnswer answer) {
    int good = answer.completed() ? 1 : 0;
    return new Counts(completed + good, failed + 1 - good, usage.plus(answer.usage()));
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("completed", completed).put("failed", failed);
    return json.set("usage", usage.stored());
  }

  static Counts parse(JsonNode json) {
    return new Counts(
        json.path("completed").asInt(),
        json.path("failed").asInt(),
        TokenUse.parse(json.path("usage")));
  }
}
