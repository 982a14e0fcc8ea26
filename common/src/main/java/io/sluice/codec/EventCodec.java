package io.sluice.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobEvent;
import io.sluice.JobState;
import java.util.Optional;
import java.util.Set;

/**
 * Events as a type and its JSON data, which is also what an SSE reader gets, but for {@code end}:
 * there the log holds only the state, and the reader gets the finished job. An event that this
 * program does not know, of a newer one, is left out.
 */
public final class EventCodec {
  private static final Set<String> TYPES =
      Set.of("start", "reset", "token", "thinking", "tool_call", "end");

  private EventCodec() {}

  public static String type(JobEvent event) {
    return switch (event) {
      case JobEvent.Start start -> "start";
      case JobEvent.Reset reset -> "reset";
      case JobEvent.Token token -> "token";
      case JobEvent.Thinking thinking -> "thinking";
      case JobEvent.ToolCall call -> "tool_call";
      case JobEvent.End end -> "end";
    };
  }

  public static String data(JobEvent event) {
    ObjectNode json = Json.object();
    return switch (event) {
      case JobEvent.Start(int attempt) ->
          Json.write(json.put("attempt", attempt).put("reason", "started"));
      case JobEvent.Reset(int attempt, String reason) ->
          Json.write(json.put("attempt", attempt).put("reason", reason));
      case JobEvent.Token(String text, Optional<String> logprobs) -> piece(text, logprobs);
      case JobEvent.Thinking(String text, Optional<String> logprobs) -> piece(text, logprobs);
      case JobEvent.ToolCall(String call) -> call;
      case JobEvent.End(JobState state) -> Json.write(json.put("state", state.wireName()));
    };
  }

  private static String piece(String text, Optional<String> logprobs) {
    ObjectNode json = Json.object().put("text", text);
    logprobs.ifPresent(those -> json.set("logprobs", Json.parse(those)));
    return Json.write(json);
  }

  private static Optional<String> logprobs(JsonNode json) {
    return Optional.ofNullable(json.get("logprobs")).map(Json::write);
  }

  /** Whether this program knows such events. */
  public static boolean knows(String type) {
    return TYPES.contains(type);
  }

  public static JobEvent read(String type, String data) {
    if (type.equals("tool_call")) {
      return new JobEvent.ToolCall(data);
    }
    JsonNode json = Json.parse(data);
    return switch (type) {
      case "start" -> new JobEvent.Start(json.path("attempt").asInt());
      case "reset" ->
          new JobEvent.Reset(json.path("attempt").asInt(), json.path("reason").asText());
      case "token" -> new JobEvent.Token(json.path("text").asText(), logprobs(json));
      case "thinking" -> new JobEvent.Thinking(json.path("text").asText(), logprobs(json));
      case "end" -> new JobEvent.End(JobState.ofWireName(json.path("state").asText()));
      default -> throw new CodecException("no event type: " + type);
    };
  }
}
