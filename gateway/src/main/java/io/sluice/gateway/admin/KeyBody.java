package io.sluice.gateway.admin;

import io.sluice.ApiKey;
import io.sluice.Tenant;
import io.sluice.auth.ApiKeys;
import io.sluice.gateway.submit.Fields;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The key that an administrator asks for. */
record KeyBody(String tenant, Set<String> scopes) {
  static final Set<String> NAMES = Set.of("tenant", "scopes");
  private static final int SCOPE_CHARS_MAX = 64;

  static KeyBody read(Fields fields, Instant now) {
    return new KeyBody(tenant(fields), scopes(fields));
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

  ApiKeys.Generated key(Instant now) {
    return ApiKeys.generate(tenant, scopes, now);
  }
}
