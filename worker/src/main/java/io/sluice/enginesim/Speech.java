package io.sluice.enginesim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the model would say: first its thoughts, then a tool call, a structured value or plain text.
 */
final class Speech {
  private static final int THOUGHT_TOKENS = 8;

  private final int thoughts;
  private final int tokens;
  private final Iterator<String> thinking;
  private final Iterator<String> text;
  private final ObjectNode call;

  private Speech(
      int thoughts, int tokens, Iterator<String> thinking, Iterator<String> text, ObjectNode call) {
    this.thoughts = thoughts;
    this.tokens = tokens;
    this.thinking = thinking;
    this.text = text;
    this.call = call;
  }

  static Speech of(Ask ask, SimModel model, Faults.Drawn faults, SimConfig config) {
    boolean thinks = ask.thinks() && model.capabilities().contains("thinking");
    int thoughts = thinks ? THOUGHT_TOKENS : 0;
    Iterator<String> thinking = SimText.thought(ask.prompt(), config.seed()).tokens().iterator();
    if (!ask.tools().isEmpty() && !ask.answersTool()) {
      ObjectNode call = SimJson.call(ask.tools(), ask.prompt());
      return new Speech(thoughts, 0, thinking, Stream.<String>empty().iterator(), call);
    }
    SimText answer = SimText.answer(ask.prompt(), config.seed());
    JsonNode format = ask.body().path("format");
    if (format.isObject() || format.asText().equals("json")) {
      String[] parts = Json.write(structured(format, answer)).split("(?<=[,:{ ])");
      return new Speech(thoughts, parts.length, thinking, Stream.of(parts).iterator(), null);
    }
    if (faults.has(FaultKind.ECHO)) {
      String prompt = SimText.unmarked(ask.prompt());
      String said = SimText.echoed(prompt, faults.number(FaultKind.ECHOES, 0));
      List<String> pieces = SimText.pieces(said, faults.number(FaultKind.ECHO, 1));
      return new Speech(thoughts, pieces.size(), thinking, pieces.iterator(), null);
    }
    Optional<String> begun = ask.begunAnswer();
    int natural = config.answerTokens() > 0 ? config.answerTokens() : answer.naturalTokens();
    int tokens = faults.number(FaultKind.TOKENS, natural);
    if (begun.isPresent()) {
      List<String> rest = answer.after(begun.get(), tokens);
      return new Speech(0, rest.size(), thinking, rest.iterator(), null);
    }
    return new Speech(thoughts, tokens, thinking, answer.tokens().iterator(), null);
  }

  /** Whether the token with this number, from 0, is a thought. */
  boolean isThought(int token) {
    return token < thoughts;
  }

  boolean endsBefore(int token) {
    return token >= thoughts + tokens;
  }

  String nextThought() {
    return thinking.next();
  }

  /** The next word; an endless answer goes on in dots. */
  String nextWord() {
    return text.hasNext() ? text.next() : " …";
  }

  /** The call at the end, null where there is none. */
  ObjectNode call() {
    return call;
  }

  private static JsonNode structured(JsonNode format, SimText answer) {
    return format.isObject()
        ? SimJson.fitting(format)
        : Json.object().put("simulated", true).put("answer", answer.first(12));
  }
}
