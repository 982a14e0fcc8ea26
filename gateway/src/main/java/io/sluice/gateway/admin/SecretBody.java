package io.sluice.gateway.admin;

import io.sluice.gateway.submit.Fields;
import io.sluice.gateway.token.TenantSecret;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A tenant's secret as an administrator registers it.
 *
 * @param shown the secret, where it was made here
 */
record SecretBody(String tenant, TenantSecret secret, Instant expiresAt, Optional<String> shown) {
  static final Set<String> NAMES = Set.of("tenant", "secret", "expires_in", "expires_at");
  private static final String LIFE = "365d";
  private static final int SECRET_CHARS_MAX = 1_024;

  static SecretBody read(Fields fields, Instant now) {
    TenantSecret made = TenantSecret.random();
    Optional<String> given = fields.text("secret", 1, SECRET_CHARS_MAX);
    Optional<TenantSecret> read = given.flatMap(text -> secret(fields, text));
    return new SecretBody(
        KeyBody.tenant(fields),
        read.orElse(made),
        expiry(fields, now),
        fields.has("secret") ? Optional.empty() : Optional.of(made.base64()));
  }

  private static Instant expiry(Fields fields, Instant now) {
    Optional<Instant> end = Expiry.read(fields, now, LIFE);
    boolean never = fields.text("expires_in", 0, 16).filter("never"::equals).isPresent();
    fields.check(!never, "expires_in", "A secret ends some day: at most after 3650d.");
    return end.orElse(now);
  }

  private static Optional<TenantSecret> secret(Fields fields, String text) {
    try {
      return Optional.of(TenantSecret.of(text));
    } catch (IllegalArgumentException e) {
      fields.fault("secret", e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "SecretBody[" + tenant + ", ***]";
  }
}
