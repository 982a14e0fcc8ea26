package io.sluice.gateway;

import java.time.Duration;

/**
 * What event streams may hold; a wait for a job counts as one.
 *
 * @param perKeyMax open at once by one API key; defaults to 1,000
 * @param perTenantMax open at once by one tenant; defaults to 5,000
 * @param max open at once in total; defaults to 10,000
 * @param life after about so long a stream ends, and its reader comes back; defaults to 1 h
 * @param stallMax a reader that takes nothing for so long is cut off; defaults to 30 s
 * @param unknownMax how long a stream goes on while nobody can say whether its caller's credential
 *     still holds; defaults to 60 s
 */
public record StreamBounds(
    int perKeyMax,
    int perTenantMax,
    int max,
    Duration life,
    Duration stallMax,
    Duration unknownMax) {
  public static final StreamBounds DEFAULT =
      new StreamBounds(
          1_000,
          5_000,
          10_000,
          Duration.ofHours(1),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60));

  public StreamBounds {
    if (perKeyMax < 1 || perTenantMax < 1 || max < 1) {
      throw new IllegalArgumentException("every bound of event streams is at least 1");
    }
    if (life.toMillis() < 1 || stallMax.toMillis() < 1 || unknownMax.isNegative()) {
      throw new IllegalArgumentException("every time of event streams is positive");
    }
  }

  public StreamBounds life(Duration other) {
    return new StreamBounds(perKeyMax, perTenantMax, max, other, stallMax, unknownMax);
  }
}
