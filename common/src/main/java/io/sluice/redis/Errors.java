package io.sluice.redis;

import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where the client library's errors become Sluice's. Their messages hold the
 * arguments of the call, prompts among them, so neither they nor their causes go any further.
 */
final class Errors {
  private static final Logger LOG = LoggerFactory.getLogger(Errors.class);
  static final String PART = "store";

  /** Each kind is told once; there are as many as the library has. */
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

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
    String kind = kind(cause, message);
    if (TOLD.add(kind)) {
      LOG.debug("a call failed: {}", kind);
    }
    return new Unavailable(PART, "Redis does not answer: " + kind);
  }

  /** The class, and which of its two reasons a timeout had. */
  private static String kind(Throwable cause, String message) {
    String name = cause.getClass().getSimpleName();
    if (message.startsWith("Unable to acquire connection!")) {
      return name + " (no free connection)";
    }
    return message.startsWith("Command still hasn't been written") ? name + " (not sent)" : name;
  }

  /** What the server said, without the call that the library appends. */
  private static String firstSentence(String message) {
    int end = message.indexOf(". channel:");
    String said = end < 0 ? message : message.substring(0, end);
    return said.substring(0, Math.min(said.length(), 300));
  }
}
