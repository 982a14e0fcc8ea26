package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * What a request became.
 *
 * @param job as {@code POST /v1/jobs} takes it; whether it is valid is for that to say
 * @param answer what the answer has to know of the request
 * @param origins where fields of the job came from: pointers into the job, and into the request
 */
record Translation(ObjectNode job, AnswerForm answer, Map<String, String> origins) {
  Translation {
    origins = Map.copyOf(origins);
  }

  /** Reads a chat completion; refuses with a {@code Refusal} what cannot be done as asked. */
  static Translation ofChat(JsonNode request) {
    return new ChatTranslation(Asked.of(request)).translate();
  }

  /** Reads a text completion; refuses like a chat. */
  static Translation ofText(JsonNode request) {
    return new TextTranslation(Asked.of(request)).translate();
  }
}
