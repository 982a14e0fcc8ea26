package io.sluice.gateway.auth;

import io.vertx.ext.auth.authentication.TokenCredentials;

/** What a client showed as bearer, and from where. */
public final class BearerToken extends TokenCredentials {
  private final String address;

  public BearerToken(String token, String address) {
    super(token);
    this.address = address;
  }

  /** The client's address, for the audit log. */
  public String address() {
    return address;
  }
}
