package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/** The queue object of a job in words. */
final class QueueText {
  private QueueText() {}

  /** What is known of the wait, in one line: {@code position 12, starts in about 40 s}. */
  static String of(JsonNode queue, Instant now) {
    StringBuilder line = new StringBuilder();
    if (queue.path("position").isNumber()) {
      line.append(String.format(Locale.ROOT, "position %,d", queue.path("position").asLong()));
    }
    JsonNode expected = queue.path("expected_start");
    Optional<Duration> half = until(expected.path("p50").asText(""), now);
    if (half.isPresent()) {
      line.append(line.isEmpty() ? "" : ", ").append("starts in about ").append(text(half.get()));
      until(expected.path("p90").asText(""), now)
          .ifPresent(most -> line.append(", at most ").append(text(most)).append(" (9 of 10)"));
    }
    return line.toString();
  }

  /** The same as a sentence of its own. */
  static String sentence(JsonNode queue, Instant now) {
    String text = of(queue, now);
    return text.isEmpty() ? "How long it will wait is not known yet." : "Now: " + text + ".";
  }

  private static Optional<Duration> until(String instant, Instant now) {
    try {
      Duration left = Duration.between(now, Instant.parse(instant));
      return Optional.of(left.isNegative() ? Duration.ZERO : left);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static String text(Duration length) {
    long seconds = Math.max(1, length.plusMillis(999).toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    long minutes = (seconds + 59) / 60;
    return minutes < 120 ? minutes + " min" : (minutes + 59) / 60 + " h";
  }
}
