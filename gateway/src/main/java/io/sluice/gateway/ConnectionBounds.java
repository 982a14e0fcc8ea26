package io.sluice.gateway;

import java.time.Duration;

/**
 * What clients may hold open.
 *
 * @param max connections in total; defaults to 12,000
 * @param perAddressMax connections of one address (IPv6: of one /64); defaults to 2,000
 * @param headDeadline by when the head of a request must be whole, from its first byte on, and by
 *     when a new connection must have sent one; defaults to 10 s
 * @param answerDeadline by when a client must have taken an answer; defaults to 60 s
 * @param idleMax a connection on which nothing moves for so long is closed, unless an answer is
 *     being waited for on it; longer than the longest poll; defaults to 75 s
 * @param unsentBytesMax of answers that clients have not taken yet; for one more, the network that
 *     holds the most loses its oldest; defaults to an eighth of the heap
 */
public record ConnectionBounds(
    int max,
    int perAddressMax,
    Duration headDeadline,
    Duration answerDeadline,
    Duration idleMax,
    long unsentBytesMax) {
  public static final ConnectionBounds DEFAULT =
      new ConnectionBounds(
          12_000,
          2_000,
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(75),
          Runtime.getRuntime().maxMemory() / 8);

  public ConnectionBounds {
    if (max < 1 || perAddressMax < 1 || unsentBytesMax < 1) {
      throw new IllegalArgumentException("every bound of connections is at least 1");
    }
    if (headDeadline.toMillis() < 1 || answerDeadline.toMillis() < 1 || idleMax.toMillis() < 1) {
      throw new IllegalArgumentException("every deadline of connections is positive");
    }
  }

  public ConnectionBounds bounds(int total, int perAddress) {
    return new ConnectionBounds(
        total, perAddress, headDeadline, answerDeadline, idleMax, unsentBytesMax);
  }

  public ConnectionBounds headDeadline(Duration other) {
    return new ConnectionBounds(max, perAddressMax, other, answerDeadline, idleMax, unsentBytesMax);
  }

  public ConnectionBounds unsent(long bytesMax, Duration deadline) {
    return new ConnectionBounds(max, perAddressMax, headDeadline, deadline, idleMax, bytesMax);
  }

  ConnectionBounds idleMax(Duration other) {
    return new ConnectionBounds(
        max, perAddressMax, headDeadline, answerDeadline, other, unsentBytesMax);
  }
}
