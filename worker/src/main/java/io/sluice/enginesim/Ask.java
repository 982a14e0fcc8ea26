package io.sluice.enginesim;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sluice.codec.Json;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The body of a chat or generate request.
 *
 * @param prompt the last user message, or the prompt: what the answer depends on
 * @param promptTokens of everything that the model reads
 * @param text all of that, in order
 */
record Ask(boolean chat, JsonNode body, String prompt, int promptTokens, String text) {
  private static final Pattern GO_DURATION = Pattern.compile("(-?[0-9]+)(ms|s|m|h)");
  private static final int TOKENS_PER_MESSAGE = 4;
  private static final int LOGPROBS_MAX = 20;

  static Ask read(boolean chat, String text) throws Refused {
    if (text.isBlank()) {
      throw new Refused(EngineError.NO_BODY);
    }
    try {
      JsonNode body = Json.MAPPER.readTree(text);
      check(body);
      return chat ? chat(body) : generate(body);
    } catch (JsonProcessingException e) {
      throw new Refused(400, "invalid character in request body");
    }
  }

  /** Whether it only loads or unloads the model. */
  boolean isEmpty() {
    return chat ? body.path("messages").isEmpty() : body.path("prompt").asText().isEmpty();
  }

  boolean streams() {
    return body.path("stream").asBoolean(true);
  }

  JsonNode options() {
    return body.path("options");
  }

  JsonNode tools() {
    return body.path("tools");
  }

  /** Off where the request says so, otherwise on, as for a model that can think. */
  boolean thinks() {
    JsonNode think = body.path("think");
    return !think.isBoolean() || think.booleanValue();
  }

  boolean demandsThinking() {
    return body.hasNonNull("think") && thinks();
  }

  /** Whether the probabilities of the tokens are wanted. */
  boolean wantsLogprobs() {
    return body.path("logprobs").asBoolean();
  }

  ArrayNode logprobs(String token) {
    return SimLogprobs.of(token, body.path("top_logprobs").asInt(0));
  }

  boolean shifts() {
    return body.path("shift").asBoolean(true);
  }

  boolean truncates() {
    return body.path("truncate").asBoolean(true);
  }

  /** Whether the last word was a tool's, so that another call would never end. */
  boolean answersTool() {
    JsonNode messages = body.path("messages");
    return messages.path(messages.size() - 1).path("role").asText().equals("tool");
  }

  /** The last message, where it is the assistant's: it is gone on with, as templates do. */
  Optional<String> begunAnswer() {
    JsonNode messages = body.path("messages");
    JsonNode last = messages.path(messages.size() - 1);
    return last.path("role").asText().equals("assistant")
        ? Optional.of(last.path("content").asText())
        : Optional.empty();
  }

  Optional<Duration> keepAlive() {
    return keepAlive(body);
  }

  static Optional<Duration> keepAlive(JsonNode body) {
    JsonNode value = body.path("keep_alive");
    if (value.isNumber()) {
      return Optional.of(Duration.ofMillis((long) (value.asDouble() * 1000)));
    }
    Matcher duration = GO_DURATION.matcher(value.asText());
    if (!duration.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(duration.group(1));
    return Optional.of(
        switch (duration.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          default -> Duration.ofHours(amount);
        });
  }

  private static void check(JsonNode body) throws Refused {
    if (!body.isObject()) {
      throw new Refused(400, "json: cannot unmarshal into Go value of type api.ChatRequest");
    }
    if (body.hasNonNull("options") && !body.get("options").isObject()) {
      throw new Refused(
          400,
          "json: cannot unmarshal string into Go struct field ChatRequest.options of type"
              + " map[string]interface {}");
    }
    int others = body.path("top_logprobs").asInt(0);
    if (others < 0 || others > LOGPROBS_MAX) {
      throw new Refused(400, "top_logprobs must be between 0 and 20");
    }
    if (body.path("options").has("temperature")
        && !body.path("options").path("temperature").isNumber()) {
      throw new Refused(EngineError.BAD_OPTION);
    }
  }

  static Ask chat(JsonNode body) {
    int tokens = SimText.count(Json.write(body.path("tools")));
    String last = "";
    StringBuilder text = new StringBuilder(Json.write(body.path("tools")));
    for (JsonNode message : body.path("messages")) {
      String content = message.path("content").asText();
      tokens += tokens(message);
      text.append(said(message.path("role").asText(), content));
      last = message.path("role").asText().equalsIgnoreCase("user") ? content : last;
    }
    return new Ask(true, body, last, tokens, text.toString());
  }

  /** A message as it stands in a text. */
  static String said(String role, String content) {
    return "\n" + role + "\n" + content;
  }

  static int tokens(JsonNode message) {
    return SimText.count(message.path("content").asText()) + TOKENS_PER_MESSAGE;
  }

  private static Ask generate(JsonNode body) {
    String prompt = body.path("prompt").asText();
    int tokens = SimText.count(prompt) + SimText.count(body.path("system").asText());
    String text = said("system", body.path("system").asText()) + said("user", prompt);
    return new Ask(false, body, prompt, tokens + TOKENS_PER_MESSAGE, text);
  }
}
