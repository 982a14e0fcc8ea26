package io.sluice.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.problem.OpenAiMembers;
import io.sluice.gateway.submit.Fields;

/** The parts of a content, which have other names here than in a chat completion. */
final class Parts {
  private Parts() {}

  /** What is no list stays as it is, for the reader of chats to say so. */
  static JsonNode of(JsonNode content, String place, Fields request) {
    if (!content.isArray()) {
      return content;
    }
    ArrayNode parts = Json.MAPPER.createArrayNode();
    for (int i = 0; i < content.size(); i++) {
      String at = place + "/" + i;
      parts.add(
          content.get(i).isObject()
              ? part(new Fields(content.get(i), at, request.faults()))
              : content.get(i));
    }
    return parts;
  }

  private static ObjectNode part(Fields part) {
    String type = part.any("type").map(JsonNode::asText).orElse("");
    return switch (type) {
      case "input_text", "output_text", "text" -> named("text", part, "text");
      case "refusal" -> named("refusal", part, "refusal");
      case "input_image" -> image(part);
      default ->
          throw OpenAiMembers.refusal(
              OpenAiMembers.place(part.pointer() + "/type"),
              "unsupported_value",
              "Only parts of type \"input_text\", \"output_text\" and \"input_image\" are served.");
    };
  }

  private static ObjectNode named(String type, Fields part, String field) {
    ObjectNode to = Json.object().put("type", type);
    part.any(field).ifPresent(value -> to.set(field, value));
    return to;
  }

  private static ObjectNode image(Fields part) {
    if (part.has("file_id")) {
      throw OpenAiMembers.refusal(
          OpenAiMembers.place(part.pointer() + "/file_id"),
          "unsupported_parameter",
          "Files are not served: send the image in the request (data:image/png;base64,…).");
    }
    ObjectNode to = Json.object().put("type", "image_url");
    part.any("image_url").ifPresent(url -> to.set("image_url", url));
    return to;
  }
}
