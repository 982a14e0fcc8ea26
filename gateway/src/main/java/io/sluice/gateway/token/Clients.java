package io.sluice.gateway.token;

import io.sluice.ApiKey;
import io.sluice.Directory;
import io.sluice.auth.ApiKeys;
import io.sluice.gateway.OnContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/**
 * Authenticates a client at the token endpoint by its API key: the id and the secret part, or the
 * whole key as secret; by HTTP Basic or in the form, never both (RFC 6749 section 2.3).
 */
final class Clients {
  private static final ApiKey NOBODY = ApiKeys.generate("nobody", Set.of(), Instant.EPOCH).key();
  private static final String SCHEME = "Basic ";

  private final Vertx vertx;
  private final Directory directory;
  private final InstantSource clock;
  private final TokenTrail trail;

  Clients(Vertx vertx, Directory directory, InstantSource clock, TokenTrail trail) {
    this.vertx = vertx;
    this.directory = directory;
    this.clock = clock;
    this.trail = trail;
  }

  /** The client's key, or none if it showed nothing; fails with {@link OAuthError}. */
  Future<Optional<ApiKey>> find(String authorization, Form form, String address) {
    if (authorization.isEmpty() && form.get("client_secret").isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    if (!authorization.isEmpty() && form.get("client_secret").isPresent()) {
      return Future.failedFuture(OAuthError.invalidRequest("Show the client's secret once."));
    }
    Optional<ApiKeys.Presented> presented =
        authorization.isEmpty()
            ? presented(form.get("client_id").orElse(""), form.need("client_secret"))
            : basic(authorization);
    return presented.isEmpty()
        ? refused(Optional.empty(), address)
        : check(presented.get(), address);
  }

  private Future<Optional<ApiKey>> check(ApiKeys.Presented presented, String address) {
    return OnContext.of(vertx, directory.key(presented.id()))
        .compose(
            known -> {
              boolean same = ApiKeys.matches(presented, known.orElse(NOBODY));
              boolean valid = same && known.filter(it -> it.isValid(clock.instant())).isPresent();
              return valid
                  ? Future.succeededFuture(known)
                  : refused(Optional.of(presented.id()), address);
            });
  }

  private Future<Optional<ApiKey>> refused(Optional<String> id, String address) {
    trail.clientRefused(id, address);
    return Future.failedFuture(OAuthError.invalidClient());
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
