package io.sluice.gateway.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.ApiKey;
import io.sluice.AuditEvent.Action;
import io.sluice.Grant;
import io.sluice.Grants.Rotation;
import io.sluice.auth.ApiKeys;
import io.sluice.codec.Json;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.auth.Attempts;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.auth.ClientAddress;
import io.sluice.gateway.auth.Denied;
import io.sluice.gateway.auth.Denied.Cause;
import io.sluice.gateway.auth.Denied.Shown;
import io.sluice.gateway.auth.KnownKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** POST /oauth/token: client credentials and refresh (RFC 6749 sections 4.4 and 6). */
final class TokenEndpoint {
  private final Vertx vertx;
  private final TokenPorts ports;
  private final TokenConfig config;
  private final InstantSource clock;
  private final WorkerExecutor workers;
  private final AccessTokens tokens;
  private final Clients clients;
  private final TokenTrail trail;
  private final TokenAuthentication authentication;
  private final Attempts attempts;

  TokenEndpoint(
      Vertx vertx,
      TokenPorts ports,
      TokenConfig config,
      InstantSource clock,
      WorkerExecutor workers,
      AccessTokens tokens,
      Clients clients,
      TokenTrail trail,
      TokenAuthentication authentication,
      Attempts attempts) {
    this.vertx = vertx;
    this.ports = ports;
    this.config = config;
    this.clock = clock;
    this.workers = workers;
    this.tokens = tokens;
    this.clients = clients;
    this.trail = trail;
    this.authentication = authentication;
    this.attempts = attempts;
  }

  /** The answer's body; fails with {@link OAuthError}. */
  Future<ObjectNode> answer(RoutingContext http) {
    String address = ClientAddress.of(http);
    String authorization =
        Optional.ofNullable(http.request().getHeader("Authorization")).orElse("");
    return Form.read(
            vertx,
            http,
            form -> {
              Optional<ApiKeys.Presented> shown = Clients.presented(authorization, form);
              Optional<Duration> blocked =
                  attempts.blocked(address, () -> shown.map(ApiKeys.Presented::id));
              return blocked.isPresent()
                  ? failed(OAuthError.blocked(blocked.get()))
                  : clients
                      .find(authorization, form, address)
                      .compose(client -> grant(form, client, address));
            })
        .recover(e -> e instanceof Denied denied ? refused(address, denied) : failed(e));
  }

  private Future<ObjectNode> refused(String address, Denied denied) {
    boolean client = denied.shown() == Shown.CLIENT;
    return attempts
        .failed(address, denied)
        .compose(told -> failed(client ? OAuthError.invalidClient() : OAuthError.invalidGrant()));
  }

  private static Future<ObjectNode> failed(Throwable e) {
    return Future.failedFuture(e);
  }

  private Future<ObjectNode> grant(Form form, Optional<ApiKey> client, String address) {
    return switch (form.need("grant_type")) {
      case "client_credentials" ->
          open(form, client.orElseThrow(OAuthError::invalidClient), address);
      case "refresh_token" -> refresh(form, client, address);
      default -> throw OAuthError.unsupportedGrant();
    };
  }

  private Future<ObjectNode> open(Form form, ApiKey key, String address) {
    Instant now = clock.instant();
    Instant end = now.plus(config.refreshLife());
    Set<String> scopes = narrowed(form, key.scopes(), key, address);
    Grant grant =
        new Grant(
            UUID.randomUUID().toString(),
            key.tenant(),
            key.id(),
            scopes,
            Optional.empty(),
            now,
            key.expiresAt().filter(end::isAfter).orElse(end),
            config.refreshIdle());
    String refresh = RefreshTokens.first();
    return OnContext.of(vertx, ports.grants().open(grant, RefreshTokens.hash(refresh)))
        .compose(opened -> tokens(grant, scopes, refresh))
        .onSuccess(done -> attempts.passed(address, Caller.of(key)))
        .compose(made -> written(Action.TOKEN_ISSUE, grant, address, made));
  }

  private Future<ObjectNode> refresh(Form form, Optional<ApiKey> client, String address) {
    String token =
        RefreshTokens.parse(form.need("refresh_token"))
            .orElseThrow(() -> denied(Cause.MALFORMED, Optional.empty()));
    String salt = RefreshTokens.salt();
    String successor = RefreshTokens.successor(token, salt);
    return OnContext.of(
            vertx,
            ports.grants().rotate(RefreshTokens.hash(token), salt, RefreshTokens.hash(successor)))
        .compose(
            rotation ->
                switch (rotation) {
                  case Rotation.Rotated(Grant grant) ->
                      refreshed(form, client, grant, successor, address);
                  case Rotation.Repeated(Grant grant, String before) ->
                      refreshed(
                          form, client, grant, RefreshTokens.successor(token, before), address);
                  case Rotation.Reused(Grant grant) -> {
                    trail.reused(grant, address);
                    yield failed(denied(Cause.REVOKED, Optional.of(grant.keyId())));
                  }
                  case Rotation.Refused refused -> failed(denied(Cause.UNKNOWN, Optional.empty()));
                });
  }

  private Future<ObjectNode> refreshed(
      Form form, Optional<ApiKey> client, Grant grant, String successor, String address) {
    if (client.isPresent() && !client.get().id().equals(grant.keyId())) {
      trail.reused(grant, address);
      return OnContext.of(vertx, ports.grants().revoke(RefreshTokens.hash(successor)))
          .compose(revoked -> failed(denied(Cause.REVOKED, Optional.of(grant.keyId()))));
    }
    return OnContext.of(vertx, ports.keys().key(grant.keyId()))
        .map(KnownKey::of)
        .compose(
            key -> {
              Optional<Cause> fault = key.fault(address, clock.instant());
              return fault.isPresent()
                  ? failed(denied(fault.get(), Optional.of(grant.keyId())))
                  : tokens(grant, narrowed(form, grant.scopes(), key.key(), address), successor)
                      .onSuccess(done -> attempts.passed(address, Caller.of(key.key())));
            })
        .compose(made -> written(Action.TOKEN_REFRESH, grant, address, made));
  }

  /** Hands out what was made when that is written down: else it is nobody's, and 503. */
  private Future<ObjectNode> written(Action action, Grant grant, String address, ObjectNode made) {
    return OnContext.of(vertx, trail.grant(action, grant, address)).map(made);
  }

  private static Denied denied(Cause cause, Optional<String> keyId) {
    return new Denied(Shown.REFRESH_TOKEN, cause, keyId);
  }

  private Future<ObjectNode> tokens(Grant grant, Set<String> scopes, String refresh) {
    return workers
        .executeBlocking(() -> tokens.issue(grant, scopes), false)
        .compose(issued -> authentication.remember(issued.text()).otherwiseEmpty().map(issued))
        .map(
            issued ->
                Json.object()
                    .put("access_token", issued.text())
                    .put("token_type", "Bearer")
                    .put("expires_in", issued.life().toSeconds())
                    .put("refresh_token", refresh)
                    .put("scope", String.join(" ", new TreeSet<>(scopes))));
  }

  /** Scopes only shrink. */
  private Set<String> narrowed(Form form, Set<String> most, ApiKey key, String address) {
    Set<String> asked =
        form.get("scope").map(it -> Set.copyOf(List.of(it.split(" ")))).orElse(most);
    if (!most.containsAll(asked)) {
      trail.overreached(key, address);
      throw OAuthError.invalidScope();
    }
    return asked;
  }
}
