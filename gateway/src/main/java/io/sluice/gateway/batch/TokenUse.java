package io.sluice.gateway.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;

/** The tokens that answers cost, as they say of themselves; engines do not say what was cached. */
record TokenUse(long input, long output, long reasoning) {
  static final TokenUse NONE = new TokenUse(0, 0, 0);

  /**
   * @param answer of any endpoint: completions and responses have other names for the same
   */
  static TokenUse of(JsonNode answer) {
    JsonNode usage = answer.path("usage");
    return new TokenUse(
        usage.path("prompt_tokens").asLong(usage.path("input_tokens").asLong()),
        usage.path("completion_tokens").asLong(usage.path("output_tokens").asLong()),
        usage
            .at("/completion_tokens_details/reasoning_tokens")
            .asLong(usage.at("/output_tokens_details/reasoning_tokens").asLong()));
  }

  TokenUse plus(TokenUse other) {
    return new TokenUse(input + other.input, output + other.output, reasoning + other.reasoning);
  }

  ArrayNode stored() {
    return Json.MAPPER.createArrayNode().add(input).add(output).add(reasoning);
  }

  static TokenUse parse(JsonNode stored) {
    return new TokenUse(stored.path(0).asLong(), stored.path(1).asLong(), stored.path(2).asLong());
  }

  /** The {@code usage} of a batch. */
  ObjectNode json() {
    ObjectNode json = Json.object().put("input_tokens", input);
    json.putObject("input_tokens_details").put("cached_tokens", 0);
    json.put("output_tokens", output);
    json.putObject("output_tokens_details").put("reasoning_tokens", reasoning);
    return json.put("total_tokens", input + output);
  }
}
