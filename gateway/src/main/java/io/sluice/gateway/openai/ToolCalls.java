package io.sluice.gateway.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.submit.Fields;
import java.util.Map;
import java.util.Optional;

/** Calls that a model made earlier in a chat: here their arguments are text, in a job an object. */
final class ToolCalls {
  /** The rest of the depth that any JSON may have is for what stands around them. */
  private static final int ARGUMENTS_DEPTH_MAX = 48;

  private final Fields message;
  private final Map<String, String> called;

  /**
   * @param called gets the names of the functions by the ids of the calls
   */
  ToolCalls(Fields message, Map<String, String> called) {
    this.message = message;
    this.called = called;
  }

  JsonNode of(JsonNode calls) {
    if (!calls.isArray()) {
      return calls;
    }
    ArrayNode all = Json.MAPPER.createArrayNode();
    for (int i = 0; i < calls.size(); i++) {
      String place = message.pointer() + "/tool_calls/" + i;
      all.add(
          calls.get(i).isObject()
              ? one(new Fields(calls.get(i), place, message.faults()))
              : calls.get(i));
    }
    return all;
  }

  private ObjectNode one(Fields call) {
    if (call.any("type").filter(type -> !type.asText().equals("function")).isPresent()) {
      throw Unsupported.value(call, "type", "Only calls of functions are served.");
    }
    ObjectNode one = Json.object().put("type", "function");
    call.any("id").ifPresent(id -> one.set("id", id));
    call.object("function")
        .ifPresent(
            function -> {
              ObjectNode to = one.putObject("function");
              function.any("name").ifPresent(name -> to.set("name", name));
              arguments(function).ifPresent(arguments -> to.set("arguments", arguments));
              called.put(one.path("id").asText(), to.path("name").asText());
            });
    return one;
  }

  private static Optional<JsonNode> arguments(Fields function) {
    Optional<JsonNode> given = function.any("arguments");
    if (given.isEmpty() || given.get().isObject()) {
      return given;
    }
    Optional<JsonNode> object =
        given.filter(JsonNode::isTextual).flatMap(text -> parsed(text.textValue()));
    function.check(
        object.isPresent(), "arguments", "It must be a string that holds a JSON object.");
    return object;
  }

  private static Optional<JsonNode> parsed(String text) {
    try {
      return Optional.of(text.isBlank() ? Json.object() : Json.OUTSIDE.readTree(text))
          .filter(JsonNode::isObject)
          .filter(object -> isShallow(object, ARGUMENTS_DEPTH_MAX));
    } catch (JsonProcessingException | NumberFormatException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static boolean isShallow(JsonNode node, int depth) {
    if (node.isContainerNode() && depth == 0) {
      return false;
    }
    for (JsonNode child : node) {
      if (!isShallow(child, depth - 1)) {
        return false;
      }
    }
    return true;
  }
}
