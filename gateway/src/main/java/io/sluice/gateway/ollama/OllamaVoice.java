package io.sluice.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sluice.JobEvent;
import io.sluice.JobRecord;
import io.sluice.codec.Json;
import io.sluice.gateway.held.HeldConfig.Failures;
import io.sluice.gateway.held.Voice;
import io.sluice.gateway.ollama.Shape.Said;
import io.sluice.gateway.problem.ErrorShape;
import io.sluice.gateway.problem.Problem;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A stream of Ollama: one JSON object on each line, no line empty, none longer than 128 KiB. */
final class OllamaVoice implements Voice {
  /** Each may take six bytes in JSON, and a line has some more around them. */
  private static final int CHARS_PER_LINE = 16 * 1024;

  /** Each may have twenty others beside it. */
  private static final int TOKENS_PER_LINE = 10;

  private final Lines lines;
  private final Failures failures;

  OllamaVoice(Lines lines, Failures failures) {
    this.lines = lines;
    this.failures = failures;
  }

  @Override
  public String contentType() {
    return "application/x-ndjson";
  }

  @Override
  public Buffer beat() {
    return line(lines.piece(Said.NOTHING));
  }

  @Override
  public Buffer text(JobEvent.Token piece) {
    return inParts(piece.text(), piece.logprobs(), Said::text);
  }

  @Override
  public Buffer thinking(JobEvent.Thinking piece) {
    return inParts(piece.text(), piece.logprobs(), Said::thinking);
  }

  /** Whole on one line, since no client puts parts of a call together. */
  @Override
  public Buffer toolCall(JobEvent.ToolCall call) {
    return line(lines.piece(Said.toolCall(call.json())));
  }

  @Override
  public Buffer end(JobRecord ended) {
    return line(lines.last(ended));
  }

  @Override
  public Buffer failure(Problem why) {
    JsonNode told = ErrorShape.OLLAMA.body(why);
    return switch (failures) {
      case ERROR -> line(told);
      case TEXT ->
          line(lines.piece(Said.text("\n\n[" + told.path("error").asText() + "]")))
              .appendBuffer(line(lines.broken()));
    };
  }

  private Buffer inParts(String text, Optional<String> logprobs, Function<String, Said> said) {
    Buffer parts = Buffer.buffer();
    List<String> texts = cut(text);
    List<JsonNode> probabilities = logprobs.map(OllamaVoice::groups).orElse(List.of());
    for (int i = 0; i < Math.max(texts.size(), probabilities.size()); i++) {
      Said part = said.apply(i < texts.size() ? texts.get(i) : "");
      parts.appendBuffer(
          line(lines.piece(i < probabilities.size() ? part.logprobs(probabilities.get(i)) : part)));
    }
    return parts;
  }

  /** Cut between characters only, never within a pair of surrogates. */
  private static List<String> cut(String text) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to = Math.min(text.length(), from + CHARS_PER_LINE);
      if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
        to--;
      }
      parts.add(text.substring(from, to));
      from = to;
    }
    return parts;
  }

  private static List<JsonNode> groups(String logprobs) {
    List<JsonNode> groups = new ArrayList<>();
    ArrayNode group = Json.MAPPER.createArrayNode();
    for (JsonNode token : Json.parse(logprobs)) {
      if (group.size() == TOKENS_PER_LINE) {
        groups.add(group);
        group = Json.MAPPER.createArrayNode();
      }
      group.add(token);
    }
    groups.add(group);
    return groups;
  }

  private static Buffer line(JsonNode json) {
    return Buffer.buffer(Json.line(json)).appendString("\n");
  }
}
