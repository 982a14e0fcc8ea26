package io.sluice.gateway.token;

import io.sluice.Tenant;
import java.net.URI;

/**
 * Somebody else whose tokens are taken.
 *
 * @param issuer what their {@code iss} must be
 * @param jwks where their public keys are
 * @param audience what their {@code aud} must name
 * @param tenant whose jobs their subjects submit
 */
public record OutsideIssuer(String issuer, URI jwks, String audience, String tenant) {
  public OutsideIssuer {
    if (issuer.isBlank() || audience.isBlank() || !tenant.matches(Tenant.NAME_FORM)) {
      throw new IllegalArgumentException("an issuer needs iss, jwks, aud and tenant");
    }
    if (!"https".equals(jwks.getScheme()) && !"http".equals(jwks.getScheme())
        || jwks.getHost() == null) {
      throw new IllegalArgumentException("jwks is not an http or https URL");
    }
  }
}
