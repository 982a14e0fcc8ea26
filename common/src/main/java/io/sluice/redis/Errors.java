package io.sluice.redis;

import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.util.concurrent.CompletionException;

/**
 * The one place where the client library's errors become Sluice's. Their messages hold the
 * arguments of the call, prompts among them, so neither they nor their causes go any further.
 */
final class Errors {
  static final String PART = "store";

  private Errors() {}

  static <T> Future<T> translated(Throwable error) {
    return Future.failedFuture(translate(error));
  }

  static RuntimeException translate(Throwable error) {
    Throwable cause = error;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof Unavailable unavailable) {
      return unavailable;
    }
    String message = String.valueOf(cause.getMessage());
    if (message.startsWith("ERR ") || message.startsWith("WRONGTYPE ")) {
      return new IllegalStateException("a script failed: " + firstSentence(message));
    }
    return new Unavailable(PART, "Redis does not answer: " + cause.getClass().getSimpleName());
  }

  /** What the server said, without the call that the library appends. */
  private static String firstSentence(String message) {
    int end = message.indexOf(". channel:");
    String said = end < 0 ? message : message.substring(0, end);
    return said.substring(0, Math.min(said.length(), 300));
  }
}
