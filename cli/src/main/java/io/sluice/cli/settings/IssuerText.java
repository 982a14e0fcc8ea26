package io.sluice.cli.settings;

import io.sluice.Tenant;
import io.sluice.gateway.token.OutsideIssuer;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Somebody else whose tokens are taken, in one text: {@code iss=… jwks=… audience=… tenant=…}, with
 * spaces between the parts, since commas stand between several.
 */
final class IssuerText {
  private static final List<String> NAMES = List.of("iss", "jwks", "audience", "tenant");

  private IssuerText() {}

  /**
   * @throws IllegalArgumentException with everything that is wrong
   */
  static OutsideIssuer parse(String text) {
    List<String> problems = new ArrayList<>();
    Map<String, String> parts = parts(text, problems);
    NAMES.stream()
        .filter(name -> !parts.containsKey(name))
        .forEach(name -> problems.add(name + "= is missing"));
    Optional.ofNullable(parts.get("tenant"))
        .filter(name -> !name.matches(Tenant.NAME_FORM))
        .ifPresent(name -> problems.add("'" + name + "' is no name of a tenant"));
    Optional.ofNullable(parts.get("iss"))
        .filter(name -> name.matches(Tenant.NAME_FORM))
        .ifPresent(
            name ->
                problems.add("iss '" + name + "' must be a URL, since a tenant may be named so"));
    Optional<URI> jwks = Optional.ofNullable(parts.get("jwks")).flatMap(it -> url(it, problems));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "': "
              + String.join("; ", problems)
              + "; write iss=https://id.example jwks=https://id.example/keys audience=sluice"
              + " tenant=acme");
    }
    return new OutsideIssuer(
        parts.get("iss"), jwks.orElseThrow(), parts.get("audience"), parts.get("tenant"));
  }

  private static Map<String, String> parts(String text, List<String> problems) {
    Map<String, String> parts = new HashMap<>();
    for (String part : text.strip().split("\\s+")) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      if (equals < 0 || equals == part.length() - 1 || !NAMES.contains(name)) {
        problems.add("'" + part + "' is none of iss=, jwks=, audience=, tenant= with a value");
      } else if (parts.put(name, part.substring(equals + 1)) != null) {
        problems.add(name + "= is there twice");
      }
    }
    return parts;
  }

  private static Optional<URI> url(String text, List<String> problems) {
    try {
      URI url = URI.create(text);
      OutsideIssuer.check(url);
      return Optional.of(url);
    } catch (IllegalArgumentException e) {
      problems.add(
          "jwks must be an https URL without a password; http only to this machine itself");
      return Optional.empty();
    }
  }
}
