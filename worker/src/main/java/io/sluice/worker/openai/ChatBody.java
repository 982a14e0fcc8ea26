package io.sluice.worker.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Job;
import io.sluice.JobKind;
import io.sluice.Pool;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import java.util.List;
import java.util.Set;

/**
 * The body of a chat completion, made of a job's own fields. vLLM only logs the fields that it does
 * not know (vllm-project/vllm pull request 10463), so what would be dropped is refused here.
 */
final class ChatBody {
  private static final Set<String> CHAT =
      Set.of("messages", "tools", "format", "think", "options", "logprobs", "top_logprobs");
  private static final Set<String> GENERATE =
      Set.of(
          "prompt", "system", "images", "format", "think", "options", "logprobs", "top_logprobs");

  private ChatBody() {}

  /**
   * @throws CodecException if the job's request is no object, or asks nothing
   */
  static ObjectNode of(Job job) throws Unmappable {
    JsonNode request = Json.parse(job.request());
    boolean chat = job.kind() == JobKind.CHAT;
    ArrayNode messages = chat ? chat(request) : single(request);
    refuseOthers(request, chat ? CHAT : GENERATE);
    ObjectNode body = body(job.pool(), messages, job.maxOutputTokens());
    SamplingOptions.put(request.path("options"), body);
    format(request.path("format"), body);
    think(request.path("think"), body);
    for (String name : List.of("logprobs", "top_logprobs")) {
      if (request.hasNonNull(name)) {
        body.set(name, request.get(name));
      }
    }
    if (!request.path("tools").isEmpty()) {
      body.set("tools", tools(request.path("tools")));
    }
    return body;
  }

  /** The shortest question, at the settings that jobs get. */
  static ObjectNode oneToken(Pool pool) {
    ArrayNode messages = Json.MAPPER.createArrayNode();
    messages.addObject().put("role", "user").put("content", "Hi");
    ObjectNode body = body(pool, messages, 1);
    enableThinking(false, body);
    return body;
  }

  private static ObjectNode body(Pool pool, ArrayNode messages, int maxOutputTokens) {
    ObjectNode body = Json.object().put("model", pool.model());
    body.set("messages", messages);
    body.put("max_tokens", maxOutputTokens).put("stream", true);
    body.putObject("stream_options").put("include_usage", true);
    return body;
  }

  private static ArrayNode chat(JsonNode request) throws Unmappable {
    if (request.path("messages").isEmpty()) {
      throw new CodecException("no message");
    }
    return new Messages().of(request.path("messages"));
  }

  private static ArrayNode single(JsonNode request) throws Unmappable {
    if (request.path("prompt").asText().isEmpty()) {
      throw new CodecException("the prompt is empty");
    }
    ArrayNode messages = Json.MAPPER.createArrayNode();
    if (!request.path("system").asText().isEmpty()) {
      messages.addObject().put("role", "system").put("content", request.path("system").asText());
    }
    ObjectNode user = messages.addObject().put("role", "user");
    user.set("content", Messages.content(request.path("prompt").asText(), request.path("images")));
    return messages;
  }

  private static void refuseOthers(JsonNode request, Set<String> known) throws Unmappable {
    for (var field : request.properties()) {
      JsonNode value = field.getValue();
      boolean empty = value.isNull() || value.isTextual() && value.asText().isEmpty();
      if (!known.contains(field.getKey()) && !empty) {
        throw new Unmappable("The request has '" + field.getKey() + "'");
      }
    }
  }

  private static void format(JsonNode format, ObjectNode body) {
    if (format.isObject()) {
      body.putObject("response_format")
          .put("type", "json_schema")
          .putObject("json_schema")
          .put("name", "answer")
          .put("strict", true)
          .set("schema", format);
    } else if (format.asText().equals("json")) {
      body.putObject("response_format").put("type", "json_object");
    }
  }

  /** Off unless asked for, as with Ollama. */
  private static void think(JsonNode think, ObjectNode body) throws Unmappable {
    switch (think.asText("false")) {
      case "", "null", "false" -> enableThinking(false, body);
      case "true" -> enableThinking(true, body);
      case "low", "medium", "high", "max" -> {
        enableThinking(true, body);
        // The most that all of these servers know is high.
        body.put("reasoning_effort", think.asText().equals("max") ? "high" : think.asText());
      }
      default -> throw new Unmappable("The request has a think of '" + think.asText() + "'");
    }
  }

  /**
   * Arguments of the chat template, which ignores those that it does not name: Qwen3 calls it
   * {@code enable_thinking}, DeepSeek {@code thinking} (docs.sglang.io, "Reasoning Parser").
   */
  private static void enableThinking(boolean on, ObjectNode body) {
    body.putObject("chat_template_kwargs").put("enable_thinking", on).put("thinking", on);
  }

  private static ArrayNode tools(JsonNode tools) {
    ArrayNode all = Json.MAPPER.createArrayNode();
    for (JsonNode tool : tools) {
      all.addObject().put("type", "function").set("function", tool.path("function"));
    }
    return all;
  }
}
