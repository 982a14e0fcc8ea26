package io.sluice;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Families of refresh tokens and what was revoked of them. Only hashes of tokens are kept. Time is
 * the store's own. A grant that the store does not know has ended: after a loss of the store every
 * client has to show its key again.
 */
public interface Grants {
  /** How long a client may ask again for a successor that it never saw. */
  Duration GRACE = Duration.ofSeconds(10);

  /** So many grants of one API key are open at most; with one more the oldest ends. */
  int OPEN_PER_KEY_MAX = 1_000;

  /**
   * So many refresh tokens are known of one grant, the latest; one before these is refused as an
   * unknown one is.
   */
  int TOKENS_MAX = 500;

  /** A new grant with its first refresh token; its key has {@link #OPEN_PER_KEY_MAX} at most. */
  Future<Void> open(Grant grant, String tokenHash);

  /**
   * The grant that this refresh token belongs to, traded or not, if it has not ended. Changes
   * nothing.
   */
  Future<Optional<Grant>> find(String tokenHash);

  /**
   * Trades a refresh token for its successor, in one step (RFC 9700 section 4.14).
   *
   * @param salt what the successor was derived from, besides the token that is traded; kept, so
   *     that an honest retry can be given the same successor
   */
  Future<Rotation> rotate(String tokenHash, String salt, String successorHash);

  /**
   * Ends the grant that this refresh token belongs to.
   *
   * @return the grant, if there was one that had not ended
   */
  Future<Optional<Grant>> revoke(String tokenHash);

  /** Ends one access token before its time; {@code until} is when it would have expired. */
  Future<Void> deny(String tokenId, Instant until);

  /** Whether an access token still holds: its grant has not ended, and it was not denied. */
  Future<Boolean> holds(String grantId, String tokenId);

  /** What became of a refresh token. */
  sealed interface Rotation {
    /** The successor counts from now on. */
    record Rotated(Grant grant) implements Rotation {}

    /**
     * It was traded within {@link #GRACE} before, and its successor was never used: the same
     * successor again, which this salt leads to.
     */
    record Repeated(Grant grant, String salt) implements Rotation {}

    /** It was used before: somebody has a copy. The whole grant has ended with this call. */
    record Reused(Grant grant) implements Rotation {}

    /** Unknown, expired, or of a grant that has ended. */
    record Refused() implements Rotation {}
  }
}
