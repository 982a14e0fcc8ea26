package io.sluice.gateway.token;

import java.time.Duration;
import java.util.Optional;

/** A refusal of RFC 6749 section 5.2. Expected, so without stack trace. */
final class OAuthError extends RuntimeException {
  private static final String INVALID_CLIENT = "invalid_client";
  private static final String LATER = "temporarily_unavailable";

  private final String code;
  private final Optional<Long> retryAfter;

  private OAuthError(String code, String description) {
    this(code, description, Optional.empty());
  }

  private OAuthError(String code, String description, Optional<Long> retryAfter) {
    super(description, null, false, false);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** For whoever failed too often, whatever is shown now. */
  static OAuthError blocked(Duration wait) {
    return later("Too many attempts from here failed.", wait);
  }

  /** For a key that more tokens were asked for than are made of one. */
  static OAuthError tooOften(Duration wait) {
    return later(
        "Tokens are made %s times a minute for one API key.".formatted(IssueRate.PER_MINUTE), wait);
  }

  /** For whoever sends too much at a time. */
  static OAuthError overloaded() {
    return later("Too many requests are on their way.", Duration.ofSeconds(2));
  }

  private static OAuthError later(String description, Duration wait) {
    return new OAuthError(
        LATER, description, Optional.of(Math.max(1, wait.plusMillis(999).toSeconds())));
  }

  static OAuthError invalidRequest(String description) {
    return new OAuthError("invalid_request", description);
  }

  /** The same for a key that is unknown, wrong, revoked or expired. */
  static OAuthError invalidClient() {
    return new OAuthError(INVALID_CLIENT, "The client id or secret is not valid.");
  }

  static OAuthError invalidGrant() {
    return new OAuthError("invalid_grant", "The refresh token is not valid.");
  }

  static OAuthError invalidScope() {
    return new OAuthError("invalid_scope", "Only scopes of the API key can be asked for.");
  }

  static OAuthError unsupportedGrant() {
    return new OAuthError(
        "unsupported_grant_type", "Use client_credentials or refresh_token as grant_type.");
  }

  String code() {
    return code;
  }

  /** When to come back, in seconds. */
  Optional<Long> retryAfter() {
    return retryAfter;
  }

  int status() {
    return switch (code) {
      case INVALID_CLIENT -> 401;
      case LATER -> 429;
      default -> 400;
    };
  }
}
