package io.sluice.gateway.pipeline.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import java.util.Optional;

/** What a model made of a prompt, read by what the task wants: a closed choice. */
public sealed interface Answer {
  /**
   * One to go on with.
   *
   * @param value a text, or the JSON that was asked for
   * @param isCut whether it ended at the longest output
   */
  record Good(JsonNode value, boolean isCut) implements Answer {
    /** As a prompt over several answers has it. */
    public String text() {
      return value.isTextual() ? value.textValue() : Json.write(value);
    }
  }

  /**
   * One that is none.
   *
   * @param code {@code answer_cut} or {@code answer_not_valid}
   */
  record Bad(String code, String message) implements Answer {}

  /** Reads the answer to a part. */
  static Answer ofPart(Wish wish, String text, boolean isCut) {
    return switch (wish.task()) {
      case TRANSLATE -> new Good(TextNode.valueOf(text), isCut);
      case QUESTION -> found(text, isCut);
      case CLASSIFY -> label(wish, text, isCut);
      case SUMMARISE, EXTRACT, CUSTOM -> bySchema(wish, text, isCut);
    };
  }

  /** Reads the answer over several. */
  static Answer ofSeveral(Wish wish, String text, boolean isCut) {
    return bySchema(wish, text, isCut);
  }

  /** What a part says to a question; empty if it says nothing. */
  static Optional<String> said(Good answer) {
    return answer.value().isTextual()
        ? Optional.of(answer.value().textValue())
        : Optional.of(answer.value())
            .filter(it -> it.path("found").asBoolean())
            .map(it -> it.path("answer").asText());
  }

  private static Answer bySchema(Wish wish, String text, boolean isCut) {
    if (wish.schema().isEmpty()) {
      return new Good(TextNode.valueOf(text.strip()), isCut);
    }
    return json(text).<Answer>map(json -> new Good(json, isCut)).orElseGet(() -> bad(isCut));
  }

  /** An engine that keeps to no schema says what it found in words. */
  private static Answer found(String text, boolean isCut) {
    return json(text)
        .filter(json -> json.path("found").isBoolean() && json.path("answer").isTextual())
        .<Answer>map(json -> new Good(json, isCut))
        .orElseGet(() -> isCut ? bad(true) : new Good(TextNode.valueOf(text.strip()), false));
  }

  private static Answer label(Wish wish, String text, boolean isCut) {
    return json(text)
        .filter(json -> wish.labels().contains(json.path("label").asText()))
        .<Answer>map(json -> new Good(json, false))
        .orElseGet(() -> bad(isCut));
  }

  private static Optional<JsonNode> json(String text) {
    try {
      JsonNode json = Json.parse(text.strip());
      return json.isContainerNode() ? Optional.of(json) : Optional.empty();
    } catch (CodecException e) {
      return Optional.empty();
    }
  }

  private static Answer bad(boolean isCut) {
    return isCut
        ? new Bad("answer_cut", "The answer reached max_output_tokens before its JSON was whole.")
        : new Bad("answer_not_valid", "The model did not answer in the form that was asked for.");
  }
}
