package io.sluice.enginesim;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;

/** Reads a chat completion's body as the {@link Ask} that the simulator generates from. */
final class OpenAiAsk {
  private OpenAiAsk() {}

  static Ask read(String text) throws OpenAiRefused {
    try {
      JsonNode body = Json.MAPPER.readTree(text);
      if (!body.path("messages").isArray() || body.path("messages").isEmpty()) {
        throw new OpenAiRefused(OpenAiError.BAD_REQUEST);
      }
      return Ask.read(true, Json.write(asOllama(body)));
    } catch (JsonProcessingException | Refused e) {
      throw new OpenAiRefused(OpenAiError.BAD_REQUEST);
    }
  }

  private static ObjectNode asOllama(JsonNode body) {
    ObjectNode own = Json.object();
    own.set("model", body.path("model"));
    own.put("stream", body.path("stream").asBoolean(false));
    own.put("truncate", false).put("shift", false);
    own.put("think", body.path("chat_template_kwargs").path("enable_thinking").asBoolean(true));
    ArrayNode messages = own.putArray("messages");
    for (JsonNode message : body.path("messages")) {
      messages
          .addObject()
          .put("role", message.path("role").asText())
          .put("content", content(message.path("content")));
    }
    if (body.path("tools").isArray()) {
      own.set("tools", body.path("tools"));
    }
    JsonNode format = body.path("response_format");
    if (format.path("type").asText().equals("json_schema")) {
      own.set("format", format.path("json_schema").path("schema"));
    } else if (format.path("type").asText().equals("json_object")) {
      own.put("format", "json");
    }
    own.put("logprobs", body.path("logprobs").asBoolean());
    own.put("top_logprobs", body.path("top_logprobs").asInt(0));
    ObjectNode options = own.putObject("options");
    if (body.hasNonNull("temperature")) {
      options.set("temperature", body.path("temperature"));
    }
    options.put("num_predict", body.path("max_tokens").asInt(-1));
    // Not Ollama's, but what the answer needs to know.
    own.put("include_usage", body.path("stream_options").path("include_usage").asBoolean(false));
    return own;
  }

  private static String content(JsonNode content) {
    if (!content.isArray()) {
      return content.asText("");
    }
    StringBuilder text = new StringBuilder();
    content.forEach(part -> text.append(part.path("text").asText("")));
    return text.toString();
  }
}
