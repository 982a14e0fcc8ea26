package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.submit.Fields;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The messages of a chat in the words of a job, one for one. Of a message's other fields those that
 * clients send back as they got them ({@code refusal}, {@code annotations}, {@code parsed}, …) are
 * left out, and so is the {@code name} of a speaker, which chat templates do not know.
 */
final class Messages {
  private final Asked asked;

  /** The names of the functions that were called, by the ids of the calls. */
  private final Map<String, String> called = new HashMap<>();

  Messages(Asked asked) {
    this.asked = asked;
  }

  /** What is no list of objects stays as it is, for the reader of jobs to say so. */
  JsonNode of(JsonNode messages) {
    if (!messages.isArray()) {
      return messages;
    }
    ArrayNode all = Json.MAPPER.createArrayNode();
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      String place = "/messages/" + i;
      all.add(
          message.isObject() ? one(new Fields(message, place, asked.fields().faults())) : message);
    }
    return all;
  }

  private ObjectNode one(Fields message) {
    ObjectNode one = Json.object();
    String role = message.any("role").map(JsonNode::asText).orElse("");
    message.any("role").ifPresent(given -> one.set("role", given));
    if (role.equals("developer")) {
      one.put("role", "system");
    }
    if (role.equals("function")) {
      throw Unsupported.value(message, "role", "Use the role \"tool\" instead.");
    }
    message.any("content").ifPresent(content -> Content.put(content, message, one));
    if (role.equals("assistant")) {
      assistant(message, one);
    }
    if (role.equals("tool")) {
      tool(message, one);
    }
    return one;
  }

  private void assistant(Fields message, ObjectNode one) {
    for (String name : List.of("function_call", "audio")) {
      if (message.has(name)) {
        throw Unsupported.parameter(message, name, "It is not supported here.");
      }
    }
    message
        .any("reasoning_content")
        .or(() -> message.any("reasoning"))
        .ifPresent(thinking -> one.set("thinking", thinking));
    Optional<JsonNode> calls = message.any("tool_calls").filter(it -> !it.isEmpty());
    calls.ifPresent(all -> one.set("tool_calls", new ToolCalls(message, called).of(all)));
  }

  /** Chat templates know a tool's answer by its name, clients by the id of the call. */
  private void tool(Fields message, ObjectNode one) {
    message.check(message.has("tool_call_id"), "tool_call_id", "It is missing.");
    message
        .any("tool_call_id")
        .ifPresent(
            id -> {
              one.set("tool_call_id", id);
              Optional.ofNullable(called.get(id.asText()))
                  .ifPresent(name -> one.put("tool_name", name));
            });
  }
}
