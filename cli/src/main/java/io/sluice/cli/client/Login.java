package io.sluice.cli.client;

import io.sluice.cli.settings.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;

/**
 * A login at one server.
 *
 * @param obtainedAt when its tokens were made, by the clock of this machine
 * @param expiresAt when the access token ends, by the same clock
 */
public record Login(
    URI server, Secret access, Secret refresh, Instant obtainedAt, Instant expiresAt) {
  private static final Duration SPARE_MAX = Duration.ofSeconds(60);
  private static final int PARTS_SPARE = 5;

  /** Whether to renew it now: a fifth of its life is left, or a minute where that is less. */
  boolean isDue(Instant now) {
    Duration spare = Duration.between(obtainedAt, expiresAt).dividedBy(PARTS_SPARE);
    return !now.plus(spare.compareTo(SPARE_MAX) < 0 ? spare : SPARE_MAX).isBefore(expiresAt);
  }

  boolean hasEnded(Instant now) {
    return !now.isBefore(expiresAt);
  }
}
