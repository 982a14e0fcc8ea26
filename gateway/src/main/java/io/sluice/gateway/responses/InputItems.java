package io.sluice.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Job;
import io.sluice.codec.Json;

/** What a response was asked, as a list of items: all of it on one page. */
final class InputItems {
  private InputItems() {}

  static ObjectNode of(Job job) {
    ArrayNode items = Json.MAPPER.createArrayNode();
    int at = 0;
    int history = Kept.of(job).orElseThrow().history();
    for (JsonNode message : Json.parse(job.request()).path("messages")) {
      if (at++ >= history) {
        add(items, message, "_in" + at, job);
      }
    }
    ObjectNode list = Json.object().put("object", "list");
    list.set("data", items);
    list.set("first_id", items.path(0).path("id"));
    list.set("last_id", items.path(Math.max(0, items.size() - 1)).path("id"));
    return list.put("has_more", false);
  }

  private static void add(ArrayNode items, JsonNode message, String nth, Job job) {
    String name = ResponseId.bare(job.id()) + nth;
    String role = message.path("role").asText();
    if (role.equals("tool")) {
      item(items, "fco_" + name, "function_call_output")
          .put("call_id", message.path("tool_call_id").asText())
          .put("output", message.path("content").asText());
      return;
    }
    if (message.hasNonNull("content") || message.has("images")) {
      ObjectNode item = item(items, "msg_" + name, "message").put("role", role);
      ArrayNode content = item.putArray("content");
      if (role.equals("assistant")) {
        content.add(Items.outputText(message.path("content").asText()));
      } else {
        content.addObject().put("type", "input_text").set("text", message.path("content"));
        message.path("images").forEach(image -> image(content, image.asText()));
      }
    }
    int calls = 0;
    for (JsonNode call : message.path("tool_calls")) {
      item(items, "fc_" + name + "_" + calls++, "function_call")
          .put("call_id", call.path("id").asText())
          .put("name", call.at("/function/name").asText())
          .put("arguments", Json.write(call.at("/function/arguments")));
    }
  }

  private static void image(ArrayNode content, String base64) {
    content
        .addObject()
        .put("type", "input_image")
        .put("detail", "auto")
        .put("image_url", "data:image;base64," + base64);
  }

  private static ObjectNode item(ArrayNode items, String id, String type) {
    return items.addObject().put("id", id).put("type", type).put("status", Items.COMPLETED);
  }
}
