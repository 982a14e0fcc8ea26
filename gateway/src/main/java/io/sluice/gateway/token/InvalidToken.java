package io.sluice.gateway.token;

import java.util.Locale;

/** A token that is not taken, and why. Expected, so without stack trace. */
final class InvalidToken extends RuntimeException {
  private final Cause cause;

  InvalidToken(Cause cause) {
    super(cause.wireName(), null, false, false);
    this.cause = cause;
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

  /** For the audit log; the client is never told. */
  enum Cause {
    FORM,
    HEADER,
    TYPE,
    KID,
    ALGORITHM,
    SIGNATURE,
    CLAIMS,
    ISSUER,
    AUDIENCE,
    EXPIRED,
    NOT_YET,
    LIFETIME,
    REVOKED,
    NOT_CONFIGURED;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
