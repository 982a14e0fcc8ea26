package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.util.Optional;

/**
 * A document as the client named it: a file of the tenant's, or a text.
 *
 * @param index its place among the documents, from 0
 * @param filename empty if it has none
 */
record Source(int index, Optional<String> fileId, Optional<String> text, String filename) {
  /** Control characters would break the lines that models and people read names in. */
  private static final String CONTROLS = "\\p{Cntrl}+";

  String name() {
    return filename.isEmpty() ? "document " + (index + 1) : filename.replaceAll(CONTROLS, " ");
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("filename", filename);
    fileId.ifPresent(id -> json.put("file_id", id));
    text.ifPresent(it -> json.put("text", it));
    return json;
  }

  static Source parse(int index, JsonNode json) {
    return new Source(
        index,
        Optional.ofNullable(json.path("file_id").textValue()),
        Optional.ofNullable(json.path("text").textValue()),
        json.path("filename").asText(""));
  }
}
