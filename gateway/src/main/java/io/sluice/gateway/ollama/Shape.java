package io.sluice.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Output;
import io.sluice.codec.Json;
import java.util.List;
import java.util.Optional;

/** Where an answer has its text: in a message, or beside everything else. */
enum Shape {
  CHAT {
    @Override
    void put(ObjectNode line, Said said) {
      ObjectNode message = line.putObject("message").put("role", "assistant");
      fill(message, "content", said);
    }
  },

  GENERATE {
    @Override
    void put(ObjectNode line, Said said) {
      fill(line, "response", said);
    }
  };

  /** Adds what is said to a line. */
  abstract void put(ObjectNode line, Said said);

  /** The text is always there; the rest only where there is any. */
  private static void fill(ObjectNode object, String text, Said said) {
    object.put(text, said.text());
    said.thinking().ifPresent(thinking -> object.put("thinking", thinking));
    if (!said.toolCalls().isEmpty()) {
      ArrayNode calls = object.putArray("tool_calls");
      said.toolCalls().forEach(call -> calls.add(Json.parse(call)));
    }
  }

  /** A piece of an answer, or all of it. */
  record Said(
      String text, Optional<String> thinking, List<String> toolCalls, Optional<JsonNode> logprobs) {
    static final Said NOTHING = text("");

    static Said text(String text) {
      return new Said(text, Optional.empty(), List.of(), Optional.empty());
    }

    static Said thinking(String thinking) {
      return new Said("", Optional.of(thinking), List.of(), Optional.empty());
    }

    static Said toolCall(String call) {
      return new Said("", Optional.empty(), List.of(call), Optional.empty());
    }

    static Said all(Output output) {
      return new Said(
          output.text(), output.thinking(), output.toolCalls(), output.logprobs().map(Json::parse));
    }

    /** The same with the probabilities of its tokens. */
    Said logprobs(JsonNode other) {
      return new Said(text, thinking, toolCalls, Optional.of(other));
    }
  }
}
