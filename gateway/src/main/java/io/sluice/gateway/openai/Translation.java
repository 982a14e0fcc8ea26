package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a request became.
 *
 * @param job as {@code POST /v1/jobs} takes it; whether it is valid is for that to say
 * @param answer what the answer has to know of the request
 * @param phrasing of what is wrong with the job
 */
public record Translation(ObjectNode job, AnswerForm answer, Phrasing phrasing) {
  /** Reads a chat completion; refuses with a {@code Refusal} what cannot be done as asked. */
  public static Translation ofChat(JsonNode request) {
    return new ChatTranslation(Asked.of(request)).translate();
  }

  /** Reads a text completion; refuses like a chat. */
  static Translation ofText(JsonNode request) {
    return new TextTranslation(Asked.of(request)).translate();
  }
}
