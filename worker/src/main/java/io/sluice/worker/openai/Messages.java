package io.sluice.worker.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sluice.codec.Json;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;

/**
 * The messages of one chat in OpenAI's words: images as parts of the content, arguments of calls as
 * text, and an id for every call, which Ollama's messages may leave out.
 */
final class Messages {
  /** The first characters of images in base64, by their kind. */
  private static final Map<String, String> IMAGES =
      Map.of(
          "iVBORw0KGgo", "image/png",
          "/9j/", "image/jpeg",
          "R0lGOD", "image/gif",
          "UklGR", "image/webp");

  private record Pending(String name, String id) {}

  /** Calls that no tool has answered yet, in their order. */
  private final Deque<Pending> pending = new ArrayDeque<>();

  private int calls;

  ArrayNode of(JsonNode messages) throws Unmappable {
    ArrayNode all = Json.MAPPER.createArrayNode();
    for (JsonNode message : messages) {
      all.add(one(message));
    }
    return all;
  }

  private ObjectNode one(JsonNode message) throws Unmappable {
    String role = message.path("role").asText();
    ObjectNode one = Json.object().put("role", role);
    one.set("content", content(message.path("content").asText(""), message.path("images")));
    if (!message.path("thinking").asText("").isEmpty()) {
      // vLLM renamed the field (vllm-project/vllm pull request 27752); the others did not.
      one.set("reasoning", message.path("thinking"));
      one.set("reasoning_content", message.path("thinking"));
    }
    if (!message.path("tool_calls").isEmpty()) {
      one.set("tool_calls", toolCalls(message.path("tool_calls")));
    }
    if (role.equals("tool")) {
      one.put("tool_call_id", answered(message));
    }
    return one;
  }

  /** Plain text, or parts where there are images. */
  static JsonNode content(String text, JsonNode images) throws Unmappable {
    if (images.isEmpty()) {
      return TextNode.valueOf(text);
    }
    ArrayNode parts = Json.MAPPER.createArrayNode();
    if (!text.isEmpty()) {
      parts.addObject().put("type", "text").put("text", text);
    }
    for (JsonNode image : images) {
      String url = "data:" + kind(image.asText()) + ";base64," + image.asText();
      parts.addObject().put("type", "image_url").putObject("image_url").put("url", url);
    }
    return parts;
  }

  private static String kind(String base64) throws Unmappable {
    return IMAGES.entrySet().stream()
        .filter(image -> base64.startsWith(image.getKey()))
        .map(Map.Entry::getValue)
        .findAny()
        .orElseThrow(
            () -> new Unmappable("The request has an image that is no PNG, JPEG, GIF or WebP"));
  }

  private ArrayNode toolCalls(JsonNode asked) {
    ArrayNode all = Json.MAPPER.createArrayNode();
    for (JsonNode call : asked) {
      JsonNode function = call.path("function");
      String id = call.path("id").asText("");
      Pending made =
          new Pending(function.path("name").asText(), id.isEmpty() ? "call_" + calls : id);
      calls++;
      pending.add(made);
      JsonNode arguments = function.path("arguments");
      all.addObject()
          .put("id", made.id())
          .put("type", "function")
          .putObject("function")
          .put("name", made.name())
          .put("arguments", arguments.isObject() ? Json.write(arguments) : "{}");
    }
    return all;
  }

  /** The call that a tool's message answers: the one it names, else the oldest that fits. */
  private String answered(JsonNode message) throws Unmappable {
    String id = message.path("tool_call_id").asText("");
    String name = message.path("tool_name").asText("");
    for (Iterator<Pending> each = pending.iterator(); each.hasNext(); ) {
      Pending call = each.next();
      boolean fits =
          id.isEmpty() ? name.isEmpty() || name.equals(call.name()) : id.equals(call.id());
      if (fits) {
        each.remove();
        return call.id();
      }
    }
    if (id.isEmpty()) {
      throw new Unmappable("The request has a message of a tool that no call came before");
    }
    return id;
  }
}
