package io.sluice.enginesim;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * A request for embeddings, of whichever protocol.
 *
 * @param dimensions how many numbers each vector may have at most
 */
record EmbedAsk(JsonNode body, List<String> inputs, int dimensions) {
  /**
   * @param field which has the inputs: one text or several
   */
  static EmbedAsk read(String text, String field) throws Refused {
    if (text.isBlank()) {
      throw new Refused(EngineError.NO_BODY);
    }
    try {
      JsonNode body = Json.MAPPER.readTree(text);
      List<String> inputs = new ArrayList<>();
      JsonNode input = body.path(field);
      if (input.isTextual()) {
        inputs.add(input.asText());
      }
      for (JsonNode one : input) {
        if (!one.isTextual()) {
          throw new Refused(400, "invalid input type");
        }
        inputs.add(one.asText());
      }
      inputs.removeIf(one -> input.isTextual() && one.isEmpty());
      return new EmbedAsk(body, inputs, body.path("dimensions").asInt(SimVectors.DIMENSIONS));
    } catch (JsonProcessingException e) {
      throw new Refused(400, "invalid character in request body");
    }
  }

  /** What a fault or a count knows it by. */
  String text() {
    return String.join("\n", inputs);
  }

  /** The tokens of one input, with those that stand at its ends. */
  static int tokens(String input) {
    return SimText.count(input) + 2;
  }

  int tokens(int contextTokens) {
    return inputs.stream().mapToInt(input -> Math.min(contextTokens, tokens(input))).sum();
  }

  boolean fits(int contextTokens) {
    return inputs.stream().allMatch(input -> tokens(input) <= contextTokens);
  }

  List<float[]> vectors() {
    return inputs.stream().map(input -> SimVectors.of(input, dimensions)).toList();
  }
}
