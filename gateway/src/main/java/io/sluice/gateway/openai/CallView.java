package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobId;
import io.sluice.codec.Json;

/** A call of a tool: engines write its arguments as an object, OpenAI as text. */
final class CallView {
  private CallView() {}

  /**
   * @param call as the engine sent it
   * @param index its place among the calls of the answer
   */
  static ObjectNode of(String call, int index, JobId job) {
    JsonNode read = Json.parse(call);
    JsonNode function = read.path("function");
    JsonNode arguments = function.path("arguments");
    String id = read.path("id").asText("");
    ObjectNode json = Json.object();
    // Engines number calls from 0 in each answer; in a chat of several answers ids must not repeat.
    json.put("id", id.matches("(call_[0-9]{0,3})?") ? "call_" + job.value() + "_" + index : id);
    json.put("type", "function");
    json.putObject("function")
        .put("name", function.path("name").asText())
        .put("arguments", text(arguments));
    return json;
  }

  private static String text(JsonNode arguments) {
    if (arguments.isTextual()) {
      return arguments.textValue();
    }
    return arguments.isObject() ? Json.write(arguments) : "{}";
  }
}
