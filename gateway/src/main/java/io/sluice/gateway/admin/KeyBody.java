package io.sluice.gateway.admin;

import io.sluice.ApiKey;
import io.sluice.Tenant;
import io.sluice.auth.ApiKeys;
import io.sluice.auth.KeyTerms;
import io.sluice.gateway.submit.Fields;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The key that an administrator asks for.
 *
 * @param ranges where it works from; from anywhere if absent
 */
record KeyBody(
    String tenant, Set<String> scopes, Optional<List<String>> ranges, Optional<Instant> expiresAt) {
  static final Set<String> NAMES = Set.of("tenant", "scopes", "ranges", "expires_in", "expires_at");
  private static final int RANGE_CHARS_MAX = 64;
  private static final int SCOPE_CHARS_MAX = 64;

  static KeyBody read(Fields fields, Instant now) {
    return new KeyBody(
        tenant(fields),
        scopes(fields),
        ranges(fields),
        Expiry.read(fields, now, KeyTerms.STANDARD_LIFE));
  }

  /** Whose it is to be; a tenant needs no record. */
  static String tenant(Fields fields) {
    fields.check(fields.has("tenant"), "tenant", "It is missing.");
    return fields
        .text("tenant", 1, 64)
        .filter(
            name ->
                fields.check(
                    name.matches(Tenant.NAME_FORM),
                    "tenant",
                    "It must be letters, digits, dots, dashes and underscores."))
        .orElse("");
  }

  private static Set<String> scopes(Fields fields) {
    fields.check(fields.has("scopes"), "scopes", "It is missing.");
    List<String> scopes = fields.texts("scopes", ApiKey.ALL_SCOPES.size(), SCOPE_CHARS_MAX);
    fields
        .any("scopes")
        .ifPresent(given -> fields.check(!given.isEmpty(), "scopes", "It must not be empty."));
    for (String scope : scopes) {
      fields.check(
          ApiKey.ALL_SCOPES.contains(scope),
          "scopes",
          "There is no such scope; there are "
              + String.join(", ", new TreeSet<>(ApiKey.ALL_SCOPES))
              + ".");
    }
    return Set.copyOf(scopes);
  }

  private static Optional<List<String>> ranges(Fields fields) {
    if (!fields.has("ranges")) {
      return Optional.empty();
    }
    List<String> texts = fields.texts("ranges", KeyTerms.RANGES_MAX, RANGE_CHARS_MAX);
    fields
        .any("ranges")
        .filter(given -> given.isArray() && given.isEmpty())
        .ifPresent(none -> fields.fault("ranges", "It must name one; leave it out for anywhere."));
    try {
      return KeyTerms.ranges(texts);
    } catch (IllegalArgumentException e) {
      e.getMessage().lines().forEach(line -> fields.fault("ranges", line));
      return Optional.empty();
    }
  }

  /** A new key with a secret of its own. */
  ApiKeys.Generated key(Instant now) {
    ApiKeys.Generated made = ApiKeys.generate(tenant, scopes, now);
    ApiKey placed = ranges.map(made.key()::from).orElse(made.key());
    return new ApiKeys.Generated(expiresAt.map(placed::until).orElse(placed), made.text());
  }
}
