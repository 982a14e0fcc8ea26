package io.sluice.gateway;

import io.sluice.Leases;
import java.time.Duration;

/**
 * How long a gateway waits for what.
 *
 * @param keepAlive between two comments to a silent reader; defaults to 15 s
 * @param bodyDeadline by when a request's body must be complete; defaults to 15 s
 * @param replayWait how long a replay waits for the first submission's confirm; defaults to 5 s
 * @param sweepHold how long nothing is ended from outside after a start, or after the store came
 *     back: its workers need that long to renew what they hold; defaults to two leases
 */
public record Timing(
    Duration keepAlive, Duration bodyDeadline, Duration replayWait, Duration sweepHold) {
  public static final Timing DEFAULT =
      new Timing(
          Duration.ofSeconds(15),
          Duration.ofSeconds(15),
          Duration.ofSeconds(5),
          Leases.LENGTH.multipliedBy(2));

  public Timing {
    if (keepAlive.toMillis() < 15 || bodyDeadline.toMillis() < 1) {
      throw new IllegalArgumentException("keep-alive and body deadline must be positive");
    }
  }
}
