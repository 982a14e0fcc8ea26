package io.sluice.enginesim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sluice.codec.Json;

/** A value that fits a JSON schema, for structured outputs and for the arguments of tool calls. */
final class SimJson {
  private SimJson() {}

  static JsonNode fitting(JsonNode schema) {
    if (schema.path("enum").isArray() && !schema.path("enum").isEmpty()) {
      return schema.path("enum").get(0);
    }
    return switch (schema.path("type").asText("object")) {
      case "string" -> TextNode.valueOf("simulated");
      case "integer", "number" -> IntNode.valueOf(schema.path("minimum").asInt(1));
      case "boolean" -> BooleanNode.TRUE;
      case "null" -> NullNode.getInstance();
      case "array" -> Json.MAPPER.createArrayNode().add(fitting(schema.path("items")));
      default -> object(schema);
    };
  }

  private static ObjectNode object(JsonNode schema) {
    ObjectNode value = Json.object();
    for (var property : schema.path("properties").properties()) {
      value.set(property.getKey(), fitting(property.getValue()));
    }
    return value;
  }

  /** The call of the first tool offered, as Ollama writes it. */
  static ObjectNode call(JsonNode tools, String prompt) {
    JsonNode function = tools.path(0).path("function");
    ObjectNode call = Json.object();
    call.put("id", "call_" + String.format("%08x", prompt.hashCode()));
    call.putObject("function")
        .put("index", 0)
        .put("name", function.path("name").asText())
        .set("arguments", fitting(function.path("parameters")));
    return call;
  }
}
