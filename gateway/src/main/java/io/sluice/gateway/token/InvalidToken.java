package io.sluice.gateway.token;

import io.sluice.gateway.auth.Denied;
import io.sluice.gateway.auth.Denied.Cause;
import java.util.Optional;

/** A token that is not taken, and why. Expected, so without stack trace. */
final class InvalidToken extends RuntimeException {
  private final Cause cause;
  private final Optional<String> keyId;

  InvalidToken(Cause cause) {
    this(cause, Optional.empty());
  }

  /**
   * @param keyId the API key that it was made from, where the token is genuine
   */
  InvalidToken(Cause cause, Optional<String> keyId) {
    super(cause.name(), null, false, false);
    this.cause = cause;
    this.keyId = keyId;
  }

  /** As the gate tells it. */
  Denied denied() {
    return new Denied(Denied.Shown.TOKEN, cause, keyId);
  }

  Cause why() {
    return cause;
  }

  /** Throws unless it holds. */
  static void require(boolean holds, Cause otherwise) {
    if (!holds) {
      throw new InvalidToken(otherwise);
    }
  }
}
