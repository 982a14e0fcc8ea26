package io.sluice.worker.ollama;

import static io.sluice.FailureCode.*;

import io.sluice.Failure;
import io.sluice.FailureCode;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Ollama's errors mean: one table, read from the top. A rule holds for some statuses, where
 * 200 is an error in the middle of a stream, and for texts that contain one of its phrases.
 */
final class FailureMapping {
  private static final Logger LOG = LoggerFactory.getLogger(FailureMapping.class);
  private static final IntPredicate ANY = status -> true;
  private static final IntPredicate BROKEN = status -> status == 200 || status >= 500;
  private static final int TEXT_CHARS_MAX = 300;

  /** Addresses, links and paths say where the infrastructure is; nobody else needs to know. */
  private static final Pattern PLACE =
      Pattern.compile(
          "\\w+://\\S+|\\b[\\w-]+(\\.[\\w-]+)+(:\\d+)?/|\\[[0-9a-fA-F:]{2,}](:\\d+)?|\\b\\d{1,3}(\\.\\d{1,3}){3}(:\\d+)?\\b"
              + "|\\b[\\w-]+(\\.[\\w-]+)*:\\d{2,5}\\b|(?<![\\w.])/[\\w./-]{3,}");

  private record Rule(IntPredicate status, FailureCode code, List<String> phrases) {
    Rule(IntPredicate status, FailureCode code, String... phrases) {
      this(status, code, List.of(phrases));
    }

    boolean holds(int answered, String text) {
      return status.test(answered)
          && (phrases.isEmpty() || phrases.stream().anyMatch(text::contains));
    }
  }

  private static final List<Rule> RULES =
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
          new Rule(status -> status == 404, ENGINE_MODEL_MISSING, "model"),
          new Rule(status -> status == 503 || status == 429, ENGINE_BUSY),
          new Rule(status -> status == 400 || status == 413 || status == 422, INVALID_REQUEST),
          new Rule(status -> status == 200 || status == 499 || status == 500, ENGINE_ERROR),
          // Something stands in Ollama's place: a proxy, a login page, another server.
          new Rule(ANY, ENGINE_UNREACHABLE));

  private FailureMapping() {}

  /**
   * @param status 200 where the error came in the middle of a stream
   */
  static Failure of(int status, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    FailureCode code =
        RULES.stream().filter(rule -> rule.holds(status, lower)).findFirst().orElseThrow().code();
    if (code == INVALID_REQUEST) {
      return new Failure(code, quoted(text));
    }
    if (code != CONTEXT_LENGTH_EXCEEDED) {
      LOG.warn("The engine failed with {}: {}", status, shortened(text));
    }
    return of(code);
  }

  static Failure of(FailureCode code) {
    return new Failure(code, sentence(code));
  }

  /** The engine's own words, since they name what to change. */
  private static String quoted(String text) {
    String shown = PLACE.matcher(text).replaceAll("…").replaceAll("\\p{Cntrl}+", " ").strip();
    return shown.isEmpty()
        ? sentence(INVALID_REQUEST)
        : "The model server refused the request: " + shortened(shown);
  }

  private static String shortened(String text) {
    return text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX) + "…";
  }

  private static String sentence(FailureCode code) {
    return switch (code) {
      case CONTEXT_LENGTH_EXCEEDED -> "The prompt is longer than the model's context.";
      case INVALID_REQUEST -> "The model server refused the request.";
      case RUNAWAY_REPETITION -> "The model repeated the same token without end.";
      case OUTPUT_TOO_LARGE -> "The model server sent a larger piece than is allowed.";
      case ENGINE_ENDED_EARLY -> "The model server ended its answer before it was done.";
      case ENGINE_PROTOCOL -> "The model server sent what is not its protocol.";
      case ENGINE_CRASHED -> "The model's process died.";
      case ENGINE_OUT_OF_MEMORY -> "The model server ran out of memory.";
      case ENGINE_UNREACHABLE -> "The model server cannot be reached.";
      case ENGINE_BUSY -> "The model server's own queue is full.";
      case ENGINE_LOADING -> "The model server could not load the model in time.";
      case ENGINE_MODEL_MISSING -> "The model server does not have the model.";
      case FIRST_TOKEN_TIMEOUT -> "The model server generated nothing in time.";
      case WORKER_DRAINING -> "The worker is being stopped.";
      case ENGINE_ERROR, ATTEMPT_TIMEOUT, TOKEN_TIMEOUT, WORKER_LOST, POISON, LOST, SUPERSEDED ->
          "The model server reported an error.";
    };
  }
}
