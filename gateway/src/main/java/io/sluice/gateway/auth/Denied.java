package io.sluice.gateway.auth;

import java.util.Locale;
import java.util.Optional;

/**
 * A credential that is not good, and why: for the audit log, never for the client. Expected, so
 * without stack trace.
 */
public final class Denied extends RuntimeException {
  private final Shown shown;
  private final Cause cause;
  private final Optional<String> keyId;

  /**
   * @param keyId the public id of the API key that it names, if it does in valid form
   */
  public Denied(Shown shown, Cause cause, Optional<String> keyId) {
    super(cause.wireName(), null, false, false);
    this.shown = shown;
    this.cause = cause;
    this.keyId = keyId;
  }

  public Shown shown() {
    return shown;
  }

  Cause why() {
    return cause;
  }

  Optional<String> keyId() {
    return keyId;
  }

  /** What was shown. */
  public enum Shown {
    KEY,
    TOKEN,
    /** An API key at the token endpoint. */
    CLIENT,
    REFRESH_TOKEN;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Why a key or a token does not work. */
  public enum Cause {
    MALFORMED,
    UNKNOWN,
    SECRET,
    REVOKED,
    EXPIRED,
    /** It does not work from there. */
    RANGE,
    // Of access tokens only:
    FORM,
    HEADER,
    TYPE,
    KID,
    ALGORITHM,
    SIGNATURE,
    CLAIMS,
    ISSUER,
    AUDIENCE,
    NOT_YET,
    LIFETIME,
    NOT_CONFIGURED;

    /** Whether somebody may be guessing: nothing says that it was ever good. */
    boolean isGuess() {
      return this != REVOKED && this != EXPIRED && this != RANGE;
    }

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
