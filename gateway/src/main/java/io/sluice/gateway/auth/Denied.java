package io.sluice.gateway.auth;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A credential that is not good, and why: for the audit log, never for the client. Expected, so
 * without stack trace.
 */
public final class Denied extends RuntimeException {
  private final Shown shown;
  private final String cause;
  private final Optional<String> keyId;

  /**
   * @param cause one word, from a closed list
   * @param keyId the public id of the API key that it names, if it does in valid form
   */
  public Denied(Shown shown, String cause, Optional<String> keyId) {
    super(cause, null, false, false);
    this.shown = shown;
    this.cause = cause;
    this.keyId = keyId;
  }

  public Denied(Shown shown, Cause cause, Optional<String> keyId) {
    this(shown, cause.wireName(), keyId);
  }

  public Shown shown() {
    return shown;
  }

  String why() {
    return cause;
  }

  Optional<String> keyId() {
    return keyId;
  }

  /** Whether somebody may be guessing: nothing says that it was ever good. */
  boolean isGuess() {
    return Stream.of(Cause.REVOKED, Cause.EXPIRED, Cause.RANGE)
        .noneMatch(good -> cause.equals(good.wireName()));
  }

  /** Whether it is good, but not from there. */
  boolean isMisplaced() {
    return cause.equals(Cause.RANGE.wireName());
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

  /** Why an API key does not work. */
  public enum Cause {
    MALFORMED,
    UNKNOWN,
    SECRET,
    REVOKED,
    EXPIRED,
    RANGE;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
