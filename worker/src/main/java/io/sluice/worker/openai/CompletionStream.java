package io.sluice.worker.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.FailureCode;
import io.sluice.Timings;
import io.sluice.Usage;
import io.sluice.codec.Json;
import io.sluice.worker.Generation.Piece;
import io.sluice.worker.http.Dialect;
import io.sluice.worker.http.Logprobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads one streamed completion. Success is a finish_reason of the model's own ({@code stop},
 * {@code length}, {@code tool_calls}) and, after it, {@code [DONE]} or the chunk with the usage.
 * Neither is enough alone: vLLM writes {@code [DONE]} after errors too, and ends what it aborted
 * with a finish_reason {@code abort} (vllm-project/vllm issues 57082 and 27572).
 */
final class CompletionStream implements Dialect.Reading {
  private final int promptTokens;
  private final ThinkTags tags = new ThinkTags();
  private final ToolCalls calls = new ToolCalls();
  private Optional<String> finish = Optional.empty();
  private Optional<Usage> usage = Optional.empty();
  private Optional<Timings> timings = Optional.empty();
  private int deltas;

  CompletionStream(int promptTokens) {
    this.promptTokens = promptTokens;
  }

  /**
   * Of the fields of an event only {@code data} matters, and {@code error}, in which llama-server
   * wrote its errors before September 2025 (ggml-org/llama.cpp pull request 16109). Lines that
   * begin with a colon are its pings.
   */
  @Override
  public List<Piece> pieces(String line) {
    int colon = line.indexOf(':');
    String field = colon < 0 ? line : line.substring(0, colon);
    String value = line.substring(colon + 1).strip();
    return switch (field) {
      case "", "event", "id", "retry" -> List.of();
      case "data" -> data(value);
      case "error" -> parsed(value).map(CompletionStream::failed).orElseGet(this::garbage);
      default -> garbage();
    };
  }

  /** Without its last line the answer may be whole, but nobody said so. */
  @Override
  public List<Piece> end() {
    return List.of(failed(FailureCode.ENGINE_ENDED_EARLY));
  }

  private List<Piece> data(String value) {
    if (value.isEmpty()) {
      return List.of();
    }
    if (value.equals("[DONE]")) {
      return finish.isPresent() ? List.of(done()) : end();
    }
    return parsed(value).map(this::chunk).orElseGet(this::garbage);
  }

  private List<Piece> chunk(JsonNode chunk) {
    if (OpenAiErrors.isError(chunk)) {
      return failed(chunk);
    }
    JsonNode choices = chunk.path("choices");
    if (!choices.isArray()) {
      return garbage();
    }
    JsonNode counted = chunk.path("usage");
    if (counted.isObject()) {
      usage =
          Optional.of(
              new Usage(count(counted, "prompt_tokens"), count(counted, "completion_tokens")));
    }
    timings = timings(chunk.path("timings")).or(() -> timings);
    if (choices.isEmpty()) {
      return finish.isPresent() && counted.isObject() ? List.of(done()) : List.of();
    }
    return finish.isPresent() ? List.of() : choice(choices.path(0));
  }

  private List<Piece> choice(JsonNode choice) {
    List<Piece> pieces = new ArrayList<>();
    JsonNode delta = choice.path("delta");
    String thought = delta.path("reasoning_content").asText("") + thoughtOfVllm(delta);
    if (!thought.isEmpty()) {
      tags.splitByServer();
      pieces.add(new Piece.Thinking(thought));
    }
    if (!delta.path("content").asText("").isEmpty()) {
      pieces.addAll(tags.add(delta.path("content").asText()));
    }
    if (!delta.path("tool_calls").isEmpty()) {
      if (!calls.add(delta.path("tool_calls"))) {
        return List.of(failed(FailureCode.OUTPUT_TOO_LARGE));
      }
      // A sign of life: the call itself is told when it is whole.
      pieces.add(new Piece.Text(""));
    }
    deltas += pieces.isEmpty() ? 0 : 1;
    Logprobs.put(pieces, choice.path("logprobs").path("content"));
    if (choice.path("finish_reason").isTextual()) {
      pieces.addAll(finished(choice.path("finish_reason").asText()));
    }
    return pieces;
  }

  /** vLLM's own name; where a version sends both, they are the same. */
  private static String thoughtOfVllm(JsonNode delta) {
    return delta.path("reasoning_content").asText("").isEmpty()
        ? delta.path("reasoning").asText("")
        : "";
  }

  private List<Piece> finished(String reason) {
    List<Piece> pieces = new ArrayList<>(tags.rest());
    switch (reason) {
      case "stop", "length", "tool_calls", "function_call" -> {
        finish = Optional.of(reason);
        Optional<List<Piece>> whole = calls.whole(reason.equals("length"));
        pieces.addAll(whole.orElse(List.of(failed(FailureCode.ENGINE_PROTOCOL))));
      }
      case "error" -> pieces.add(failed(FailureCode.ENGINE_ERROR));
      default -> pieces.add(failed(FailureCode.ENGINE_ENDED_EARLY));
    }
    return pieces;
  }

  /** Where the server forgot to count, each delta is taken for a token, which it nearly is. */
  private Piece done() {
    boolean length = finish.orElseThrow().equals("length");
    Usage counted = usage.orElse(new Usage(promptTokens, deltas));
    return new Piece.Done(length, timings.map(counted::with).orElse(counted));
  }

  /** llama-server says them in its last chunks; the others say nothing of their times. */
  private static Optional<Timings> timings(JsonNode said) {
    if (!said.path("prompt_ms").isNumber() || !said.path("predicted_ms").isNumber()) {
      return Optional.empty();
    }
    Duration prompt = time(said.path("prompt_ms").asDouble());
    Duration completion = time(said.path("predicted_ms").asDouble());
    return Optional.of(
        new Timings(
            Optional.of(prompt.plus(completion)),
            Optional.empty(),
            Optional.of(prompt),
            Optional.of(completion)));
  }

  private static Duration time(double millis) {
    return Duration.ofNanos(Math.max(0, Math.round(millis * 1e6)));
  }

  private List<Piece> garbage() {
    return List.of(failed(FailureCode.ENGINE_PROTOCOL));
  }

  private static List<Piece> failed(JsonNode error) {
    return List.of(new Piece.Failed(OpenAiErrors.midStream(error)));
  }

  private static Piece failed(FailureCode code) {
    return new Piece.Failed(OpenAiErrors.of(code));
  }

  private static Optional<JsonNode> parsed(String json) {
    try {
      return Optional.of(Json.MAPPER.readTree(json)).filter(JsonNode::isObject);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static int count(JsonNode usage, String name) {
    return Math.max(0, usage.path(name).asInt(0));
  }
}
