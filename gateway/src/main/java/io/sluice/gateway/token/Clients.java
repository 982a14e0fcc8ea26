package io.sluice.gateway.token;

import io.sluice.ApiKey;
import io.sluice.Directory;
import io.sluice.auth.ApiKeys;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.auth.Denied;
import io.sluice.gateway.auth.Denied.Cause;
import io.sluice.gateway.auth.Denied.Shown;
import io.sluice.gateway.auth.KnownKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/**
 * Authenticates a client at the token endpoint by its API key: the id and the secret part, or the
 * whole key as secret; by HTTP Basic or in the form, never both (RFC 6749 section 2.3).
 */
final class Clients {
  private static final String SCHEME = "Basic ";

  private final Vertx vertx;
  private final Directory directory;
  private final InstantSource clock;

  Clients(Vertx vertx, Directory directory, InstantSource clock) {
    this.vertx = vertx;
    this.directory = directory;
    this.clock = clock;
  }

  /**
   * What a client shows; nobody has checked it.
   *
   * @param any whether it shows anything
   * @param key what it shows, if that has the form of a key
   */
  record Credential(boolean any, Optional<ApiKeys.Presented> key) {
    /** The public id of the key, if it is one. */
    Optional<String> keyId() {
      return key.map(ApiKeys.Presented::id);
    }
  }

  /**
   * Reads what a client shows.
   *
   * @throws OAuthError if it shows two
   */
  static Credential shown(String authorization, Form form) {
    Optional<String> secret = form.get("client_secret");
    if (authorization.isEmpty()) {
      return new Credential(
          secret.isPresent(),
          secret.flatMap(text -> presented(form.get("client_id").orElse(""), text)));
    }
    if (secret.isPresent()) {
      throw OAuthError.invalidRequest("Show the client's secret once.");
    }
    return new Credential(true, basic(authorization));
  }

  /** The client's key, or none if it showed nothing; fails with {@link Denied}. */
  Future<Optional<ApiKey>> find(Credential shown, String address) {
    if (!shown.any()) {
      return Future.succeededFuture(Optional.empty());
    }
    return shown
        .key()
        .map(key -> check(key, address))
        .orElseGet(() -> refused(Cause.MALFORMED, Optional.empty()));
  }

  private Future<Optional<ApiKey>> check(ApiKeys.Presented presented, String address) {
    return OnContext.of(vertx, directory.key(presented.id()))
        .map(KnownKey::of)
        .compose(
            known -> {
              Optional<Cause> fault = known.fault(presented, address, clock.instant());
              return fault.isPresent()
                  ? refused(fault.get(), Optional.of(presented.id()))
                  : Future.succeededFuture(Optional.of(known.key()));
            });
  }

  private static Future<Optional<ApiKey>> refused(Cause cause, Optional<String> keyId) {
    return Future.failedFuture(new Denied(Shown.CLIENT, cause, keyId));
  }

  private static Optional<ApiKeys.Presented> basic(String authorization) {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(authorization.substring(SCHEME.length()).strip());
      String[] parts = new String(decoded, StandardCharsets.UTF_8).split(":", 2);
      return parts.length == 2
          ? presented(Form.decode(parts[0]), Form.decode(parts[1]))
          : Optional.empty();
    } catch (IllegalArgumentException | OAuthError e) {
      return Optional.empty();
    }
  }

  private static Optional<ApiKeys.Presented> presented(String id, String secret) {
    if (secret.startsWith("sk_")) {
      return ApiKeys.parse(secret).filter(it -> id.isEmpty() || id.equals(it.id()));
    }
    return id.matches("[0-9A-Za-z]{12}") && secret.matches("[0-9A-Za-z]{43}")
        ? Optional.of(new ApiKeys.Presented(id, secret))
        : Optional.empty();
  }
}
