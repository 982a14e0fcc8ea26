package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.submit.Fields;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The content of a message: a text, or parts. The texts of parts are joined by line ends, as vLLM
 * does for chat templates; images must be in the request itself, since the gateway fetches nothing.
 */
final class Content {
  private static final Pattern DATA =
      Pattern.compile("(?is)data:image/[a-z0-9.+-]{1,40}(?:;[a-z0-9=.+-]{1,40})*;base64,");

  private static final int PREFIX_CHARS_MAX = 256;

  private final StringJoiner texts = new StringJoiner("\n");
  private final ArrayNode images = Json.MAPPER.createArrayNode();

  private Content() {}

  /** Writes {@code content} and {@code images} into a job's message. */
  static void put(JsonNode content, Fields message, ObjectNode to) {
    if (!content.isArray()) {
      to.set("content", content);
      return;
    }
    message.check(!content.isEmpty(), "content", "It must not be empty.");
    Content parts = new Content();
    for (int i = 0; i < content.size(); i++) {
      String place = message.pointer() + "/content/" + i;
      if (content.get(i).isObject()) {
        parts.add(new Fields(content.get(i), place, message.faults()));
      } else {
        message.faults().add(place, "It must be an object.");
      }
    }
    to.put("content", parts.texts.toString());
    if (!parts.images.isEmpty()) {
      to.set("images", parts.images);
    }
  }

  private void add(Fields part) {
    part.check(part.has("type"), "type", "It is missing.");
    switch (part.any("type").map(JsonNode::asText).orElse("")) {
      case "" -> {}
      case "text" -> text(part, "text");
      case "refusal" -> text(part, "refusal");
      case "image_url" -> url(part).ifPresent(url -> image(part, url));
      default ->
          throw Unsupported.value(
              part, "type", "Only parts of type \"text\" and \"image_url\" are served.");
    }
  }

  private void text(Fields part, String name) {
    part.check(part.has(name), name, "It is missing.");
    part.text(name, 0, Integer.MAX_VALUE).ifPresent(texts::add);
  }

  /** Some clients write the address alone. */
  private static Optional<String> url(Fields part) {
    if (part.any("image_url").filter(JsonNode::isTextual).isPresent()) {
      return part.any("image_url").map(JsonNode::textValue);
    }
    part.check(part.has("image_url"), "image_url", "It is missing.");
    return part.object("image_url")
        .flatMap(
            image -> {
              image.check(image.has("url"), "url", "It is missing.");
              return image.text("url", 0, Integer.MAX_VALUE);
            });
  }

  private void image(Fields part, String url) {
    Matcher data = DATA.matcher(url).region(0, Math.min(url.length(), PREFIX_CHARS_MAX));
    if (data.lookingAt() && data.end() < url.length()) {
      images.add(url.substring(data.end()));
      return;
    }
    throw Unsupported.value(
        part,
        "image_url/url",
        "Only images in the request are taken (data:image/png;base64,…): nothing is fetched.");
  }
}
