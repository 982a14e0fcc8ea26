package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;

/**
 * How far a pipeline is.
 *
 * @param parts of the documents that have been split
 */
record Counts(
    int completed,
    int incomplete,
    int failed,
    int partsCompleted,
    int partsFailed,
    int parts,
    long promptTokens,
    long completionTokens) {
  static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0);

  Counts plus(JsonNode result) {
    String status = result.path("status").asText();
    boolean isDocument = result.path("document").isObject();
    int partsGood = 0;
    int partsAll = 0;
    for (JsonNode part : result.path("parts")) {
      partsAll++;
      partsGood += part.path("status").asText().equals("completed") ? 1 : 0;
    }
    JsonNode usage = result.path("usage");
    return new Counts(
        completed + one(isDocument && status.equals("completed")),
        incomplete + one(isDocument && status.equals("incomplete")),
        failed + one(isDocument && status.equals("failed")),
        partsCompleted + partsGood,
        partsFailed + partsAll - partsGood,
        parts + partsAll,
        promptTokens + usage.path("prompt_tokens").asLong(),
        completionTokens + usage.path("completion_tokens").asLong());
  }

  /** With one part more that has ended. */
  Counts part(boolean isGood) {
    return new Counts(
        completed,
        incomplete,
        failed,
        partsCompleted + one(isGood),
        partsFailed + one(!isGood),
        parts,
        promptTokens,
        completionTokens);
  }

  Counts used(int prompt, int completion) {
    return new Counts(
        completed,
        incomplete,
        failed,
        partsCompleted,
        partsFailed,
        parts,
        promptTokens + prompt,
        completionTokens + completion);
  }

  /** These documents with what is known of parts and tokens elsewhere. */
  Counts with(Counts other, int allParts) {
    return new Counts(
        completed,
        incomplete,
        failed,
        other.partsCompleted,
        other.partsFailed,
        allParts,
        other.promptTokens,
        other.completionTokens);
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
        .put("total", parts)
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
