package io.sluice.worker.openai;

import static io.sluice.FailureCode.*;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.codec.Json;
import io.sluice.worker.http.ErrorTable;
import io.sluice.worker.http.ErrorTable.Rule;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * What the errors of vLLM, SGLang and llama-server mean. They come as {@code {"error":{"message",
 * "type","code"}}}, of older versions as {@code {"object":"error","message",…}}, and of what stands
 * around the server as {@code {"detail":…}} or as text.
 */
final class OpenAiErrors {
  private static final IntPredicate ANY = status -> true;
  private static final IntPredicate REFUSED = status -> status == 400 || status == 422;
  private static final IntPredicate BROKEN = status -> status == 200 || status >= 500;

  private static final ErrorTable TABLE =
      new ErrorTable(
          List.of(
              new Rule(
                  ANY,
                  CONTEXT_LENGTH_EXCEEDED,
                  // vLLM: issues 20409 and 33418
                  "maximum context length is",
                  "longer than the maximum model length",
                  "longer than the maximum context length",
                  "context_length_exceeded",
                  // SGLang: QwenLM/Qwen3 issue 1321
                  "longer than the model's context length",
                  "exceeds the model's maximum context length",
                  // llama-server: pull request 15780; the last one is llama-cpp-python's
                  "exceed_context_size_error",
                  "exceeds the available context size",
                  "exceed context window",
                  // llama-server: an embedding model reads an input in one batch
                  "physical batch size"),
              new Rule(
                  status -> status == 404 || status == 400,
                  ENGINE_MODEL_MISSING,
                  "` does not exist",
                  "model not found",
                  "model_not_found"),
              new Rule(
                  BROKEN,
                  ENGINE_OUT_OF_MEMORY,
                  "out of memory",
                  "failed to allocate",
                  "cudamalloc failed",
                  "not enough kv cache",
                  "kv cache is full"),
              new Rule(BROKEN, ENGINE_LOADING, "loading model", "model is loading"),
              new Rule(
                  BROKEN,
                  ENGINE_CRASHED,
                  // vLLM: issues 2067, 27194 and 42363
                  "enginecore encountered an issue",
                  "engine loop is not running",
                  "background loop has errored",
                  "enginedeaderror",
                  "engine is dead",
                  "cuda error",
                  "illegal memory access",
                  "scheduler hit an exception",
                  "compute error"),
              new Rule(status -> status == 429 || status == 503, ENGINE_BUSY),
              new Rule(ANY, ENGINE_BUSY, "request queue is full"),
              new Rule(REFUSED.or(status -> status == 413 || status == 501), INVALID_REQUEST),
              new Rule(status -> status == 200 || status == 500, ENGINE_ERROR),
              // Something stands in its place: a proxy, a login page, another server.
              new Rule(ANY, ENGINE_UNREACHABLE)));

  private OpenAiErrors() {}

  static Failure of(FailureCode code) {
    return ErrorTable.of(code);
  }

  static boolean isError(JsonNode node) {
    return node.hasNonNull("error") || node.path("object").asText().equals("error");
  }

  static Failure refusal(int status, String body) {
    if (status == 401 || status == 403) {
      return new Failure(
          ENGINE_UNREACHABLE, "The model server refused the key: set --engine-api-key-file.");
    }
    try {
      return failure(status, Json.MAPPER.readTree(body));
    } catch (JsonProcessingException e) {
      return TABLE.of(status, "");
    }
  }

  /** An error in a stream has its status inside, if anywhere. */
  static Failure midStream(JsonNode error) {
    int code = inner(error).path("code").asInt(200);
    return failure(code >= 400 && code < 600 ? code : 200, error);
  }

  private static Failure failure(int status, JsonNode node) {
    JsonNode error = inner(node);
    String message = message(error);
    String tags = error.path("type").asText("") + " " + error.path("code").asText("");
    return TABLE.of(status, message, tags);
  }

  private static JsonNode inner(JsonNode node) {
    return node.hasNonNull("error") ? node.path("error") : node;
  }

  private static String message(JsonNode error) {
    if (error.isTextual()) {
      return error.asText();
    }
    JsonNode message = error.has("message") ? error.path("message") : error.path("detail");
    return message.isTextual()
        ? message.asText()
        : message.isMissingNode() ? "" : Json.write(message);
  }
}
