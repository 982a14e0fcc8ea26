package io.sluice.worker.ollama;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.FailureCode;
import io.sluice.Timings;
import io.sluice.Usage;
import io.sluice.codec.Json;
import io.sluice.worker.Generation.Piece;
import io.sluice.worker.http.Logprobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One line of a stream and the pieces in it. */
final class Chunk {
  private Chunk() {}

  /** The pieces of a line, in the order in which the model made them; none for a blank line. */
  static List<Piece> pieces(String line) {
    if (line.isBlank()) {
      return List.of();
    }
    try {
      return pieces(Json.MAPPER.readTree(line));
    } catch (JsonProcessingException e) {
      return List.of(failed(FailureCode.ENGINE_PROTOCOL));
    }
  }

  private static Piece failed(FailureCode code) {
    return new Piece.Failed(FailureMapping.of(code));
  }

  private static List<Piece> pieces(JsonNode line) {
    if (line.hasNonNull("error")) {
      return List.of(new Piece.Failed(FailureMapping.of(200, errorText(line))));
    }
    // A chat has its text in a message, a generate has it in the line itself.
    JsonNode message = line.has("message") ? line.path("message") : line;
    JsonNode text = line.has("message") ? message.path("content") : message.path("response");
    boolean done = line.path("done").asBoolean();
    if (!message.isObject() || !text.isTextual() && !done) {
      return List.of(failed(FailureCode.ENGINE_PROTOCOL));
    }
    List<Piece> pieces = new ArrayList<>();
    if (!message.path("thinking").asText().isEmpty()) {
      pieces.add(new Piece.Thinking(message.path("thinking").asText()));
    }
    if (!text.asText().isEmpty()) {
      pieces.add(new Piece.Text(text.asText()));
    }
    Logprobs.put(pieces, line.path("logprobs"));
    for (JsonNode call : message.path("tool_calls")) {
      pieces.add(new Piece.ToolCall(Json.write(call)));
    }
    if (done) {
      pieces.add(end(line));
    }
    return pieces;
  }

  private static Piece end(JsonNode line) {
    return switch (line.path("done_reason").asText()) {
      case "load", "unload" -> failed(FailureCode.ENGINE_ENDED_EARLY);
      case "length" -> new Piece.Done(true, usage(line));
      default -> new Piece.Done(false, usage(line));
    };
  }

  /** Counts and times, where a line has any. */
  static Usage usage(JsonNode line) {
    Usage usage = new Usage(count(line, "prompt_eval_count"), count(line, "eval_count"));
    Timings timings =
        new Timings(
            time(line, "total_duration"),
            time(line, "load_duration"),
            time(line, "prompt_eval_duration"),
            time(line, "eval_duration"));
    return timings.isKnown() ? usage.with(timings) : usage;
  }

  /** Go leaves out what is zero, so nothing means that it was not measured. */
  private static Optional<Duration> time(JsonNode line, String name) {
    return Optional.of(line.path(name).asLong(0)).filter(nanos -> nanos > 0).map(Duration::ofNanos);
  }

  /** Go leaves out what is zero. */
  private static int count(JsonNode line, String name) {
    return Math.max(0, line.path(name).asInt(0));
  }

  /** The text of {@code {"error":"…"}}; some servers nest an object there. */
  static String errorText(JsonNode line) {
    JsonNode error = line.path("error");
    return error.isTextual() ? error.asText() : Json.write(error);
  }
}
