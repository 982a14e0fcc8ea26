package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;

/** How far a pipeline is, by the results of its documents. */
record Counts(
    int completed,
    int incomplete,
    int failed,
    int partsCompleted,
    int partsFailed,
    long promptTokens,
    long completionTokens) {
  static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);

  Counts plus(JsonNode result) {
    String status = result.path("status").asText();
    boolean isDocument = result.path("document").isObject();
    int partsGood = 0;
    int parts = 0;
    for (JsonNode part : result.path("parts")) {
      parts++;
      partsGood += part.path("status").asText().equals("completed") ? 1 : 0;
    }
    JsonNode usage = result.path("usage");
    return new Counts(
        completed + one(isDocument && status.equals("completed")),
        incomplete + one(isDocument && status.equals("incomplete")),
        failed + one(isDocument && status.equals("failed")),
        partsCompleted + partsGood,
        partsFailed + parts - partsGood,
        promptTokens + usage.path("prompt_tokens").asLong(),
        completionTokens + usage.path("completion_tokens").asLong());
  }

  private static int one(boolean holds) {
    return holds ? 1 : 0;
  }

  /** Documents that have a result. */
  int done() {
    return completed + incomplete + failed;
  }

  ObjectNode json(int documents) {
    ObjectNode json = Json.object();
    json.putObject("documents")
        .put("total", documents)
        .put("completed", completed)
        .put("incomplete", incomplete)
        .put("failed", failed);
    json.putObject("parts")
        .put("total", partsCompleted + partsFailed)
        .put("completed", partsCompleted)
        .put("failed", partsFailed);
    return json;
  }

  ObjectNode usage() {
    return Json.object()
        .put("prompt_tokens", promptTokens)
        .put("completion_tokens", completionTokens);
  }
}
