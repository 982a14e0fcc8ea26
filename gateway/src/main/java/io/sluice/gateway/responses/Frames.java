package io.sluice.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.problem.OpenAiError;
import io.sluice.gateway.problem.Problem;
import io.vertx.core.buffer.Buffer;

/**
 * Numbered events as the lines of an event stream. Without {@code id} lines, since openai-python
 * takes a comment after one for an empty event; the number is in the data.
 */
final class Frames {
  static final String CONTENT_TYPE = "text/event-stream; charset=utf-8";

  private Frames() {}

  /** A sign of life that both SDKs pass over. */
  static Buffer comment() {
    return Buffer.buffer(":\n\n");
  }

  /** Adds an event; what is never sent adds nothing. */
  static void append(Buffer out, Numbered event) {
    if (!event.data().isEmpty()) {
      append(out, event.data());
    }
  }

  /** Why no more comes. */
  static Buffer error(Problem why, long number) {
    JsonNode told = OpenAiError.of(why).body().path("error");
    ObjectNode data = Json.object().put("type", "error").put("sequence_number", number);
    data.set("code", told.path("code"));
    data.set("message", told.path("message"));
    data.set("param", told.path("param"));
    Buffer out = Buffer.buffer();
    append(out, data);
    return out;
  }

  private static void append(Buffer out, ObjectNode data) {
    out.appendString("event: ").appendString(data.path("type").asText());
    out.appendString("\ndata: ").appendString(Json.line(data)).appendString("\n\n");
  }
}
