package io.sluice.gateway.submit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The model server's fields of an embed request: one text or several, and what to make of them. */
final class EmbedFields {
  static final Set<String> NAMES = Set.of("input", "dimensions", "truncate");

  /** As many as OpenAI takes. */
  static final int INPUTS_MAX = 2_048;

  private static final int DIMENSIONS_MAX = 16_384;

  private EmbedFields() {}

  static void check(Fields request) {
    request
        .any("input")
        .ifPresent(
            input -> {
              if (input.isArray()) {
                list(request, input);
              } else if (request.check(
                  input.isTextual(), "input", "It must be a string or a list of strings.")) {
                request.check(!input.textValue().isEmpty(), "input", "It must not be empty.");
              }
            });
    request.integer("dimensions", 1, DIMENSIONS_MAX);
    request
        .any("truncate")
        .ifPresent(it -> request.check(it.isBoolean(), "truncate", "It must be true or false."));
    request.check(
        !request.has("max_output_tokens"), "max_output_tokens", "An embed job has no output.");
  }

  private static void list(Fields request, JsonNode input) {
    boolean any = request.check(!input.isEmpty(), "input", "It must not be empty.");
    if (any
        && request.check(input.size() <= INPUTS_MAX, "input", "At most " + INPUTS_MAX + " fit.")) {
      for (int i = 0; i < input.size(); i++) {
        if (!input.get(i).isTextual() || input.get(i).textValue().isEmpty()) {
          request.faults().add("/input/" + i, "It must be a string that is not empty.");
        }
      }
    }
  }

  /** The texts of a request that was checked. */
  static List<String> inputs(JsonNode request) {
    List<String> texts = new ArrayList<>();
    JsonNode input = request.path("input");
    if (input.isTextual()) {
      texts.add(input.textValue());
    }
    input.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** Whether the model server may cut what is longer than its context. */
  static boolean truncates(JsonNode request) {
    return request.path("truncate").asBoolean(false);
  }
}
