package io.sluice.gateway.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.time.Instant;
import java.util.Optional;

/**
 * How a batch ended.
 *
 * @param errors what was wrong with its input file, as OpenAI tells it
 * @param outputFile with the answers, if there are any
 * @param errorFile with the errors, if there are any
 */
record Ended(
    BatchStatus status,
    Instant at,
    Counts counts,
    Optional<JsonNode> errors,
    Optional<String> outputFile,
    Optional<String> errorFile) {

  static Ended failed(Instant at, BatchErrors errors) {
    return new Ended(
        BatchStatus.FAILED,
        at,
        Counts.NONE,
        Optional.of(errors.json()),
        Optional.empty(),
        Optional.empty());
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("status", status.wireName()).put("at", at.toEpochMilli());
    json.set("counts", counts.json());
    errors.ifPresent(it -> json.set("errors", it));
    outputFile.ifPresent(it -> json.put("output_file_id", it));
    errorFile.ifPresent(it -> json.put("error_file_id", it));
    return json;
  }

  static Ended parse(JsonNode json) {
    return new Ended(
        BatchStatus.parse(json.path("status").asText()),
        Instant.ofEpochMilli(json.path("at").asLong()),
        Counts.parse(json.path("counts")),
        Optional.ofNullable(json.get("errors")),
        Optional.ofNullable(json.get("output_file_id")).map(JsonNode::asText),
        Optional.ofNullable(json.get("error_file_id")).map(JsonNode::asText));
  }
}
