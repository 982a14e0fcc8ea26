package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.util.Optional;

/**
 * The logarithms of probabilities of tokens: a job has them as a JSON array (see {@code
 * io.sluice.Output}), chats and text completions each in their own form, with every field there.
 */
final class Logprobs {
  private Logprobs() {}

  /** Of a chat; null where there are none. Those of thoughts are among them. */
  static JsonNode ofChat(Optional<String> given) {
    if (given.isEmpty()) {
      return NullNode.instance;
    }
    ObjectNode json = Json.object();
    ArrayNode content = json.putArray("content");
    for (JsonNode token : Json.parse(given.get())) {
      ObjectNode one = token(token);
      ArrayNode others = one.putArray("top_logprobs");
      token.path("top_logprobs").forEach(other -> others.add(token(other)));
      content.add(one);
    }
    return json.putNull("refusal");
  }

  private static ObjectNode token(JsonNode token) {
    ObjectNode one = Json.object().put("token", token.path("token").asText());
    one.set("logprob", token.path("logprob"));
    one.set("bytes", token.path("bytes").isArray() ? token.get("bytes") : NullNode.instance);
    return one;
  }

  /**
   * Of a text completion; null where there are none.
   *
   * @param offset how many characters of the completion came before
   */
  static JsonNode ofText(Optional<String> given, int offset) {
    if (given.isEmpty()) {
      return NullNode.instance;
    }
    ObjectNode json = Json.object();
    ArrayNode tokens = json.putArray("tokens");
    ArrayNode logprobs = json.putArray("token_logprobs");
    ArrayNode others = json.putArray("top_logprobs");
    ArrayNode offsets = json.putArray("text_offset");
    int at = offset;
    for (JsonNode token : Json.parse(given.get())) {
      String text = token.path("token").asText();
      tokens.add(text);
      logprobs.add(token.path("logprob"));
      ObjectNode top = others.addObject();
      token
          .path("top_logprobs")
          .forEach(other -> top.set(other.path("token").asText(), other.path("logprob")));
      offsets.add(at);
      at += text.length();
    }
    return json;
  }
}
