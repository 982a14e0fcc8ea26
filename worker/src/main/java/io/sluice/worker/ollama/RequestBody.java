package io.sluice.worker.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Job;
import io.sluice.JobKind;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import io.sluice.worker.http.EmbedRequest;
import java.util.List;
import java.util.Set;

/**
 * The bodies that are sent. All of one pool agree in everything that is baked into the model's
 * process (runner options and {@code shift}), since a difference would make Ollama load it again.
 */
final class RequestBody {
  private static final int BATCH_TOKENS = 512;

  private static final Set<String> CHAT =
      Set.of("messages", "tools", "format", "think", "logprobs", "top_logprobs");
  private static final Set<String> GENERATE =
      Set.of(
          "prompt",
          "suffix",
          "system",
          "template",
          "context",
          "raw",
          "images",
          "format",
          "think",
          "logprobs",
          "top_logprobs");

  /** The options of a request that no other request can feel; the last ones only before 0.30. */
  private static final List<String> OPTIONS =
      List.of(
          "num_keep",
          "seed",
          "top_k",
          "top_p",
          "min_p",
          "typical_p",
          "repeat_last_n",
          "temperature",
          "repeat_penalty",
          "presence_penalty",
          "frequency_penalty",
          "stop",
          "mirostat",
          "mirostat_tau",
          "mirostat_eta",
          "tfs_z",
          "penalize_newline");

  private RequestBody() {}

  /**
   * @param contextTokens at which the model is loaded
   * @throws CodecException if the job's request is no object, or asks nothing: an empty prompt is
   *     how Ollama is told to load or unload
   */
  static ObjectNode of(Job job, int contextTokens) {
    JsonNode request = Json.parse(job.request());
    JsonNode asked = request.path(job.kind() == JobKind.CHAT ? "messages" : "prompt");
    if (asked.isMissingNode() || asked.isNull() || asked.isEmpty() && asked.asText().isEmpty()) {
      throw new CodecException("the prompt is empty");
    }
    ObjectNode body =
        pinned(job.pool().model(), contextTokens, job.maxOutputTokens(), request.path("options"));
    // Unset means on, wherever the model can think; off is harmless where it cannot.
    body.put("think", false);
    Set<String> allowed = job.kind() == JobKind.CHAT ? CHAT : GENERATE;
    for (var field : request.properties()) {
      if (allowed.contains(field.getKey()) && !field.getValue().isNull()) {
        body.set(field.getKey(), field.getValue());
      }
    }
    return body.put("stream", true);
  }

  /** Loads a model and keeps it. */
  static ObjectNode preload(String model, int contextTokens) {
    return pinned(model, contextTokens, 1, Json.object()).put("stream", false);
  }

  /** Unloads a model as soon as no request uses it. */
  static ObjectNode unload(String model) {
    return Json.object().put("model", model).put("keep_alive", 0).put("stream", false);
  }

  static ObjectNode oneToken(String model, int contextTokens) {
    return pinned(model, contextTokens, 1, Json.object())
        .put("prompt", "Hi")
        .put("think", false)
        .put("stream", false);
  }

  /**
   * An embedding model reads an input in one batch, or not at all; so the batch is the context.
   *
   * @param contextTokens at which the model is loaded
   */
  static ObjectNode embed(String model, int contextTokens, EmbedRequest asked) {
    ObjectNode body = embedding(model, contextTokens).put("truncate", asked.truncate());
    ArrayNode input = body.putArray("input");
    asked.inputs().forEach(input::add);
    asked.dimensions().ifPresent(many -> body.put("dimensions", many));
    return body;
  }

  /** Loads an embedding model and keeps it. */
  static ObjectNode preloadEmbedding(String model, int contextTokens) {
    return embedding(model, contextTokens).put("truncate", false).put("input", "");
  }

  private static ObjectNode embedding(String model, int contextTokens) {
    ObjectNode body = Json.object().put("model", model).put("keep_alive", -1);
    body.putObject("options").put("num_ctx", contextTokens).put("num_batch", contextTokens);
    return body;
  }

  private static ObjectNode pinned(
      String model, int contextTokens, int maxOutputTokens, JsonNode asked) {
    ObjectNode body = Json.object().put("model", model).put("keep_alive", -1);
    body.put("truncate", false).put("shift", false);
    ObjectNode options = body.putObject("options");
    for (String name : OPTIONS) {
      if (asked.hasNonNull(name)) {
        options.set(name, asked.get(name));
      }
    }
    options.put("num_ctx", contextTokens).put("num_batch", BATCH_TOKENS);
    options.put("num_predict", maxOutputTokens);
    return body;
  }
}
