package io.sluice.gateway.token;

import io.sluice.Tenant;
import io.sluice.address.Loopback;
import java.net.URI;

/**
 * Somebody else whose tokens are taken.
 *
 * @param issuer what their {@code iss} must be: never a name that a tenant can have, since tokens
 *     of tenants carry these, and subjects are told apart by it
 * @param jwks where their public keys are
 * @param audience what their {@code aud} must name
 * @param tenant whose jobs their subjects submit
 */
public record OutsideIssuer(String issuer, URI jwks, String audience, String tenant) {
  public OutsideIssuer {
    if (issuer.isBlank() || audience.isBlank() || !tenant.matches(Tenant.NAME_FORM)) {
      throw new IllegalArgumentException("an issuer needs iss, jwks, aud and tenant");
    }
    if (issuer.matches(Tenant.NAME_FORM)) {
      throw new IllegalArgumentException(
          "the iss of an issuer is a URL, not a name like a tenant's");
    }
    check(jwks);
  }

  /**
   * Whoever can change the keys on their way can make tokens, so they come by https, or from this
   * machine itself.
   *
   * @throws IllegalArgumentException if they do not
   */
  public static void check(URI jwks) {
    boolean https = "https".equals(jwks.getScheme());
    boolean named = jwks.getHost() != null && jwks.getUserInfo() == null;
    boolean here = "http".equals(jwks.getScheme()) && named && Loopback.isNamedBy(jwks.getHost());
    if (!named || !https && !here) {
      throw new IllegalArgumentException("jwks is not an https URL");
    }
  }
}
