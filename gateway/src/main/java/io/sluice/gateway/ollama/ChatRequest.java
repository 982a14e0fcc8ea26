package io.sluice.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobKind;
import io.sluice.gateway.held.HeldConfig.Failures;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The body of {@code POST /api/chat}. */
final class ChatRequest extends Request {
  private static final List<String> MESSAGE =
      List.of("role", "content", "thinking", "images", "tool_calls", "tool_name", "tool_call_id");
  private static final List<String> CALL = List.of("id", "type", "function");
  private static final List<String> CALLED = List.of("index", "name", "arguments");
  private static final List<String> TOOL = List.of("type", "function");
  private static final List<String> FUNCTION = List.of("name", "description", "parameters");

  ChatRequest(JsonNode json, Failures failures, InstantSource clock) {
    super(json, failures, clock);
  }

  @Override
  JobKind kind() {
    return JobKind.CHAT;
  }

  @Override
  Shape shape() {
    return Shape.CHAT;
  }

  @Override
  boolean isEmpty() {
    return fields().any("messages").map(list -> list.isArray() && list.isEmpty()).orElse(true);
  }

  @Override
  void prompt(ObjectNode job) {
    fields()
        .any("messages")
        .filter(list -> fields().check(list.isArray(), "messages", "It must be a list."))
        .ifPresent(list -> list.forEach(one -> job.withArray("messages").add(message(one))));
    Optional<JsonNode> tools =
        fields()
            .any("tools")
            .filter(list -> fields().check(list.isArray(), "tools", "It must be a list."));
    tools.ifPresent(list -> list.forEach(one -> job.withArray("tools").add(tool(one))));
  }

  private static JsonNode message(JsonNode message) {
    if (!message.isObject()) {
      return message;
    }
    ObjectNode copy = some(message, MESSAGE);
    if (copy.path("role").isTextual()) {
      copy.put("role", copy.path("role").textValue().toLowerCase(Locale.ROOT));
    }
    if (!copy.has("content")) {
      copy.put("content", "");
    }
    if (copy.path("tool_calls").isArray()) {
      ArrayNode calls = copy.arrayNode();
      copy.path("tool_calls").forEach(call -> calls.add(call(call)));
      copy.set("tool_calls", calls);
    }
    return copy;
  }

  private static JsonNode call(JsonNode call) {
    return withFunction(call, CALL, CALLED);
  }

  private static JsonNode tool(JsonNode tool) {
    return withFunction(tool, TOOL, FUNCTION);
  }

  private static JsonNode withFunction(
      JsonNode outer, List<String> names, List<String> ofFunction) {
    if (!outer.isObject()) {
      return outer;
    }
    ObjectNode copy = some(outer, names);
    if (copy.path("function").isObject()) {
      copy.set("function", some(copy.path("function"), ofFunction));
    }
    return copy;
  }
}
