package io.sluice.gateway.token;

/** A refusal of RFC 6749 section 5.2. Expected, so without stack trace. */
final class OAuthError extends RuntimeException {
  private final String code;

  private OAuthError(String code, String description) {
    super(description, null, false, false);
    this.code = code;
  }

  static OAuthError invalidRequest(String description) {
    return new OAuthError("invalid_request", description);
  }

  /** The same for a key that is unknown, wrong, revoked or expired. */
  static OAuthError invalidClient() {
    return new OAuthError("invalid_client", "The client id or secret is not valid.");
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

  int status() {
    return code.equals("invalid_client") ? 401 : 400;
  }
}
