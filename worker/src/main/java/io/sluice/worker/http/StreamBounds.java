package io.sluice.worker.http;

import java.time.Duration;

/**
 * The bounds of a streamed answer.
 *
 * @param graceFlowing how long a slot counts as busy after a close while tokens were flowing
 * @param gracePrefill the same before the first token
 * @param lineBytesMax the longest line
 */
public record StreamBounds(Duration graceFlowing, Duration gracePrefill, int lineBytesMax) {
  public StreamBounds lineBytesMax(int other) {
    return new StreamBounds(graceFlowing, gracePrefill, other);
  }
}
