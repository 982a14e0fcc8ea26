package io.sluice.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.Usage;
import io.sluice.codec.Json;
import java.util.Map;
import java.util.Optional;

/** A job as a response. Every field is always there; what is not known yet is null. */
final class ResponseView {
  private ResponseView() {}

  /** The response as it stands. */
  static ObjectNode of(JobRecord record) {
    return of(begun(record.job(), status(record.state())), record);
  }

  /**
   * The same, of what it was when it began.
   *
   * @param json is written into
   */
  static ObjectNode of(ObjectNode json, JobRecord record) {
    json.put("status", status(record.state()));
    if (record.state() == JobState.COMPLETED) {
      record.endedAt().ifPresent(at -> json.put("completed_at", at.getEpochSecond()));
    }
    record.ending().ifPresent(ending -> ended(json, record.job(), ending));
    return json;
  }

  /**
   * The response without anything that came of it, which is the same at every time. Reads the whole
   * request, which may be long.
   */
  static ObjectNode begun(Job job, String status) {
    Kept kept = Kept.of(job).orElseThrow();
    JsonNode request = Json.parse(job.request());
    JsonNode echo = kept.echo();
    ObjectNode json =
        Json.object()
            .put("id", ResponseId.of(job.id()))
            .put("object", "response")
            .put("created_at", job.createdAt().getEpochSecond())
            .put("status", status)
            .put("background", kept.background())
            .putNull("completed_at")
            .putNull("error")
            .putNull("incomplete_details");
    json.put("instructions", kept.instructed() ? instructions(request) : null);
    json.put("max_output_tokens", job.maxOutputTokens());
    json.putNull("max_tool_calls");
    json.put("model", job.model());
    json.putArray("output");
    json.set("parallel_tool_calls", or(echo, "parallel_tool_calls", "true"));
    json.put("previous_response_id", kept.previous().orElse(null));
    json.set("prompt_cache_key", or(echo, "prompt_cache_key", "null"));
    json.set("reasoning", or(echo, "reasoning", "{\"effort\":null,\"summary\":null}"));
    json.set("safety_identifier", or(echo, "safety_identifier", "null"));
    json.put("service_tier", job.jobClass() == JobClass.BATCH ? "flex" : "default");
    json.put("store", kept.store());
    json.set("temperature", or(request.path("options"), "temperature", "null"));
    json.set("text", text(request, echo));
    json.set("tool_choice", or(echo, "tool_choice", "\"auto\""));
    json.set("tools", tools(request));
    json.put("top_logprobs", 0);
    json.set("top_p", or(request.path("options"), "top_p", "null"));
    json.put("truncation", "disabled");
    json.putNull("usage");
    json.set("user", or(echo, "user", "null"));
    ObjectNode metadata = json.putObject("metadata");
    job.metadata().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(pair -> metadata.put(pair.getKey(), pair.getValue()));
    return json;
  }

  /** The states of a response: it has no word for a job that is being stopped or came too late. */
  static String status(JobState state) {
    return switch (state) {
      case CANCELLING -> JobState.IN_PROGRESS.wireName();
      case EXPIRED -> JobState.FAILED.wireName();
      case QUEUED, IN_PROGRESS, COMPLETED, INCOMPLETE, FAILED, CANCELLED -> state.wireName();
    };
  }

  private static void ended(ObjectNode json, Job job, Ending ending) {
    json.set("output", new Items(job.id()).of(ending.output(), ending.state()));
    if (ending.state() == JobState.INCOMPLETE) {
      json.putObject("incomplete_details").put("reason", "max_output_tokens");
    }
    if (ending.state() == JobState.EXPIRED) {
      error(json, "server_error", "expired: It waited for longer than it was to.");
    } else {
      json.set("usage", usage(ending.usage()));
      Optional<Failure> failure = ending.failure();
      failure.ifPresent(it -> error(json, errorCode(it.code()), told(it)));
    }
  }

  private static void error(ObjectNode json, String code, String message) {
    json.putObject("error").put("code", code).put("message", message);
  }

  /** The codes of a failed response are few: the exact one goes before the sentence. */
  private static String told(Failure failure) {
    return failure.code().wireName() + ": " + failure.message();
  }

  private static String errorCode(FailureCode code) {
    return switch (code) {
      case CONTEXT_LENGTH_EXCEEDED, INVALID_REQUEST -> "invalid_prompt";
      default -> "server_error";
    };
  }

  /** The engine counts no cached and no reasoning tokens apart. */
  private static ObjectNode usage(Usage usage) {
    ObjectNode json = Json.object().put("input_tokens", usage.promptTokens());
    json.putObject("input_tokens_details").put("cached_tokens", 0).put("cache_write_tokens", 0);
    json.put("output_tokens", usage.completionTokens());
    json.putObject("output_tokens_details").put("reasoning_tokens", 0);
    return json.put("total_tokens", usage.tokens());
  }

  private static String instructions(JsonNode request) {
    return request.path("messages").path(0).path("content").asText();
  }

  /** The schema is with the request already, and need not be kept twice. */
  private static JsonNode text(JsonNode request, JsonNode echo) {
    JsonNode text = or(echo, "text", "{\"format\":{\"type\":\"text\"}}").deepCopy();
    if (text.path("format") instanceof ObjectNode format
        && format.path("type").asText().equals("json_schema")) {
      format.set("schema", request.path("format"));
    }
    return text;
  }

  private static ArrayNode tools(JsonNode request) {
    ArrayNode tools = Json.MAPPER.createArrayNode();
    for (JsonNode tool : request.path("tools")) {
      JsonNode function = tool.path("function");
      ObjectNode one = tools.addObject().put("type", "function");
      one.set("name", function.path("name"));
      one.set("description", or(function, "description", "null"));
      one.set("parameters", or(function, "parameters", "null"));
      one.put("strict", false);
    }
    return tools;
  }

  private static JsonNode or(JsonNode json, String name, String otherwise) {
    return json.hasNonNull(name) ? json.get(name) : Json.parse(otherwise);
  }
}
