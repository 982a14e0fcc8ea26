package io.sluice.gateway.held;

import java.time.Duration;

/**
 * How long requests are held, and how they fail.
 *
 * @param statusMax a stream whose job says nothing for so long is answered 200 before anything is
 *     known, so that no proxy on the way gives it up; defaults to 45 s
 * @param heartbeat between two signs of life in a stream that has begun and is silent; defaults to
 *     15 s
 * @param failures how a stream that has begun tells that it failed; defaults to an error
 * @param continues whether a stream goes on when another attempt says again what the client was
 *     told, as workers make it do that continue answers; without it such a stream ends as broken
 *     off at once, which is the default
 */
public record HeldConfig(
    Duration statusMax, Duration heartbeat, Failures failures, boolean continues) {
  public static final HeldConfig DEFAULT =
      new HeldConfig(Duration.ofSeconds(45), Duration.ofSeconds(15), Failures.ERROR, false);

  public HeldConfig {
    if (statusMax.toMillis() < 1 || heartbeat.toMillis() < 15) {
      throw new IllegalArgumentException("the times of held requests must be positive");
    }
  }

  public HeldConfig(Duration statusMax, Duration heartbeat, Failures failures) {
    this(statusMax, heartbeat, failures, false);
  }

  public HeldConfig continues(boolean whether) {
    return new HeldConfig(statusMax, heartbeat, failures, whether);
  }

  /** How a stream that has begun tells that it failed. */
  public enum Failures {
    /** As an error of the protocol, of which client libraries make an exception. */
    ERROR,
    /** As a visible piece of text, for front ends that pass over such an error. */
    TEXT
  }
}
