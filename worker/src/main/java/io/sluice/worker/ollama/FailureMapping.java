package io.sluice.worker.ollama;

import static io.sluice.FailureCode.*;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.worker.http.ErrorTable;
import io.sluice.worker.http.ErrorTable.Rule;
import java.util.List;
import java.util.function.IntPredicate;

/** What Ollama's errors mean. */
final class FailureMapping {
  private static final IntPredicate ANY = status -> true;
  private static final IntPredicate BROKEN = status -> status == 200 || status >= 500;

  private static final ErrorTable TABLE =
      new ErrorTable(
          List.of(
              new Rule(
                  ANY,
                  CONTEXT_LENGTH_EXCEEDED,
                  "exceed_context_size_error",
                  "exceeds the available context size",
                  "longer than the context length",
                  "exceeds the context length",
                  "exceeds maximum context length"),
              new Rule(
                  ANY,
                  INVALID_REQUEST,
                  "does not support",
                  "must be of type",
                  "invalid json schema in format",
                  "invalid format:",
                  "missing data required for image input"),
              new Rule(
                  BROKEN,
                  ENGINE_OUT_OF_MEMORY,
                  "out of memory",
                  "out-of-memory",
                  "out of device memory",
                  "cudamalloc failed",
                  "hipmalloc failed",
                  "failed to allocate",
                  "allocation failed",
                  "not enough memory",
                  "insufficient memory",
                  "vk_error_out_of_device_memory",
                  "erroroutofmemory",
                  "requires more system memory",
                  "memory layout cannot be allocated",
                  "unable to load full model on gpu"),
              new Rule(ANY, ENGINE_BUSY, "maximum pending requests exceeded", "no slots available"),
              new Rule(
                  BROKEN,
                  ENGINE_LOADING,
                  "timed out waiting for llama",
                  "llm server loading model",
                  "binary not found",
                  "client connection closed before"),
              new Rule(BROKEN, OUTPUT_TOO_LARGE, "exceeded 8 mb limit", "token too long"),
              new Rule(BROKEN, RUNAWAY_REPETITION, "token repeat limit reached"),
              new Rule(
                  BROKEN,
                  ENGINE_CRASHED,
                  "process has terminated",
                  "process no longer running",
                  "has unexpectedly stopped",
                  "error was encountered while running the model",
                  "llm server not responding",
                  "connection refused",
                  "forcibly closed",
                  "unexpected eof",
                  "cuda error"),
              new Rule(
                  ANY, ENGINE_CRASHED, "do embedding request:", "error reading embed response:"),
              new Rule(status -> status == 404, ENGINE_MODEL_MISSING, "model"),
              new Rule(status -> status == 503 || status == 429, ENGINE_BUSY),
              new Rule(status -> status == 400 || status == 413 || status == 422, INVALID_REQUEST),
              new Rule(status -> status == 200 || status == 499 || status == 500, ENGINE_ERROR),
              // Something stands in Ollama's place: a proxy, a login page, another server.
              new Rule(ANY, ENGINE_UNREACHABLE)));

  /** What a model says that only generates. */
  static final String NO_EMBEDDINGS = "The model makes no embeddings.";

  private FailureMapping() {}

  /**
   * @param status 200 where the error came in the middle of a stream
   */
  static Failure of(int status, String text) {
    return TABLE.of(status, text);
  }

  /** Ollama answers 400 whenever an embedding fails, even where its runner died of it. */
  static Failure ofEmbedding(int status, String text) {
    if (status == 400) {
      Failure broken = TABLE.of(500, text);
      return broken.code() == ENGINE_ERROR ? TABLE.of(status, text) : broken;
    }
    return status == 501 ? new Failure(INVALID_REQUEST, NO_EMBEDDINGS) : TABLE.of(status, text);
  }

  static Failure of(FailureCode code) {
    return ErrorTable.of(code);
  }
}
