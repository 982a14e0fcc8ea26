package io.sluice.enginesim;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.util.Locale;
import java.util.Optional;

/** Errors of vLLM, SGLang and llama-server, with the status that each has before the first byte. */
public enum OpenAiError {
  CONTEXT_VLLM(
      400,
      "BadRequestError",
      "This model's maximum context length is 8192 tokens. However, you requested 9512 tokens (9000"
          + " in the messages, 512 in the completion). Please reduce the length of the messages or"
          + " completion."),
  CONTEXT_VLLM_PROMPT(
      400,
      "BadRequestError",
      "The decoder prompt (length 9000) is longer than the maximum model length of 8192."),
  CONTEXT_SGLANG(
      400,
      "BadRequestError",
      "The input (9000 tokens) is longer than the model's context length (8192 tokens)."),
  CONTEXT_SGLANG_TOTAL(
      400,
      "BadRequestError",
      "Requested token count exceeds the model's maximum context length of 8192 tokens."),
  CONTEXT_LLAMA(
      400,
      "exceed_context_size_error",
      "request (9000 tokens) exceeds the available context size (8192 tokens), try increasing it"),
  MODEL_MISSING(404, "NotFoundError", "The model `gone:1b` does not exist."),
  UNAUTHORIZED(401, "", "Unauthorized"),
  UNAUTHORIZED_LLAMA(401, "authentication_error", "Invalid API Key"),
  LOADING(503, "unavailable_error", "Loading model"),
  BUSY(503, "ServiceUnavailableError", "The request queue is full."),
  TOO_MANY(429, "RateLimitError", "Too many requests"),
  BAD_REQUEST(400, "BadRequestError", "temperature must be non-negative, got -1.0."),
  NO_CHAT(400, "BadRequestError", "The model does not support Chat Completions API"),
  NOT_SUPPORTED(501, "not_supported_error", "This server does not support images"),
  CRASH(
      500,
      "InternalServerError",
      "EngineCore encountered an issue. See stack trace (above) for the root cause."),
  CRASH_OLD(500, "InternalServerError", "Background loop has errored already."),
  OOM(500, "InternalServerError", "CUDA out of memory. Tried to allocate 2.00 GiB."),
  OTHER(500, "InternalServerError", "Internal server error at 10.1.2.3:8000");

  private final int status;
  private final String type;
  private final String text;

  OpenAiError(int status, String type, String text) {
    this.status = status;
    this.type = type;
    this.text = text;
  }

  public int status() {
    return status;
  }

  public String text() {
    return text;
  }

  /** The name in markers and in {@code /sim/faults}: {@code context_vllm}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<OpenAiError> named(String wireName) {
    for (OpenAiError error : values()) {
      if (error.wireName().equals(wireName)) {
        return Optional.of(error);
      }
    }
    return Optional.empty();
  }

  /** The one of this name, or the one most like that error of Ollama's. */
  static OpenAiError like(String wireName, OpenAiError otherwise) {
    return named(wireName)
        .or(() -> EngineError.named(wireName).map(OpenAiError::like))
        .orElse(otherwise);
  }

  private static OpenAiError like(EngineError error) {
    return switch (error) {
      case BUSY, NO_SLOTS -> BUSY;
      case MODEL_MISSING, MODEL_MISSING_PULL -> MODEL_MISSING;
      case BAD_OPTION, NO_BODY, NO_TOOLS, NO_THINKING, NO_CHAT -> BAD_REQUEST;
      case NO_EMBEDDINGS -> NOT_SUPPORTED;
      case CONTEXT, CONTEXT_NATIVE, CONTEXT_INPUT -> CONTEXT_VLLM;
      case LOAD_CRASH, LOAD_CRASH_OLD, CRASH, CRASH_CUDA, EMBED_CRASH, STOPPED, GONE -> CRASH;
      case LOAD_OOM,
          LOAD_OOM_OLD,
          LOAD_OOM_LAYOUT,
          LOAD_OOM_ALLOCATE,
          LOAD_OOM_GPU,
          OOM,
          OOM_HIP,
          OOM_VULKAN ->
          OOM;
      case LOAD_TIMEOUT, LOAD_TIMEOUT_OLD, LOADING, NO_BINARY -> LOADING;
      case EVENT_TOO_LARGE, TOKEN_TOO_LONG, REPEAT_LIMIT, OTHER -> OTHER;
    };
  }

  /** As its server writes it; vLLM's refusal of a key has no parts. */
  ObjectNode json() {
    if (type.isEmpty()) {
      return Json.object().put("error", text);
    }
    ObjectNode body = Json.object();
    body.putObject("error")
        .put("message", text)
        .put("type", type)
        .putNull("param")
        .put("code", status);
    return body;
  }
}
