package io.sluice.worker.openai;

import io.sluice.worker.http.StreamBounds;
import java.time.Duration;

/**
 * The bounds of an {@link OpenAiModelServer}.
 *
 * @param connectTimeout until a connection stands
 * @param probeDeadline for the one token that proves a model
 * @param graceFlowing how long a place counts as busy after a close while tokens were flowing: the
 *     server notices between two steps
 * @param gracePrefill the same before the first token
 * @param lineBytesMax the longest line of a stream
 */
public record OpenAiSettings(
    Duration connectTimeout,
    Duration probeDeadline,
    Duration graceFlowing,
    Duration gracePrefill,
    int lineBytesMax) {
  public static final OpenAiSettings DEFAULT =
      new OpenAiSettings(
          Duration.ofSeconds(5),
          Duration.ofMinutes(2),
          Duration.ofMillis(300),
          Duration.ofSeconds(2),
          8 * 1024 * 1024);

  StreamBounds stream() {
    return new StreamBounds(graceFlowing, gracePrefill, lineBytesMax);
  }

  public OpenAiSettings grace(Duration graceFlowing, Duration gracePrefill) {
    return new OpenAiSettings(
        connectTimeout, probeDeadline, graceFlowing, gracePrefill, lineBytesMax);
  }

  public OpenAiSettings probeDeadline(Duration probeDeadline) {
    return new OpenAiSettings(
        connectTimeout, probeDeadline, graceFlowing, gracePrefill, lineBytesMax);
  }
}
