package io.sluice.gateway.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.ApiKey;
import io.sluice.AuditEvent.Action;
import io.sluice.Grant;
import io.sluice.Grants.Rotation;
import io.sluice.codec.Json;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.auth.Attempts;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.auth.ClientAddress;
import io.sluice.gateway.auth.Denied;
import io.sluice.gateway.auth.Denied.Cause;
import io.sluice.gateway.auth.KnownKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * POST /oauth/token: client credentials and refresh (RFC 6749 sections 4.4 and 6). A refresh token
 * is spent last: whatever is refused before, or fails, leaves it as it was.
 */
final class TokenEndpoint {
  private final Vertx vertx;
  private final TokenPorts ports;
  private final TokenConfig config;
  private final InstantSource clock;
  private final SignatureWork signatures;
  private final AccessTokens tokens;
  private final Clients clients;
  private final TokenTrail trail;
  private final TokenAuthentication authentication;
  private final Attempts attempts;
  private final IssueRate rate;

  TokenEndpoint(
      Vertx vertx,
      TokenPorts ports,
      TokenConfig config,
      InstantSource clock,
      SignatureWork signatures,
      AccessTokens tokens,
      Clients clients,
      TokenTrail trail,
      TokenAuthentication authentication,
      Attempts attempts) {
    this.vertx = vertx;
    this.ports = ports;
    this.config = config;
    this.clock = clock;
    this.signatures = signatures;
    this.tokens = tokens;
    this.clients = clients;
    this.trail = trail;
    this.authentication = authentication;
    this.attempts = attempts;
    this.rate = new IssueRate(clock);
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
              Clients.Credential shown = Clients.shown(authorization, form);
              Optional<Duration> blocked = attempts.blocked(address, shown::keyId);
              return blocked.isPresent()
                  ? failed(OAuthError.blocked(blocked.get()))
                  : clients.find(shown, address).compose(client -> grant(form, client, address));
            })
        .recover(e -> e instanceof Denied denied ? refused(address, denied) : failed(e));
  }

  private Future<ObjectNode> refused(String address, Denied denied) {
    boolean client = denied.shown() == Denied.Shown.CLIENT;
    return attempts
        .failed(address, denied)
        .compose(told -> failed(client ? OAuthError.invalidClient() : OAuthError.invalidGrant()));
  }

  private static <T> Future<T> failed(Throwable e) {
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
    rate.count(key.id());
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
    return signed(grant, scopes)
        .compose(
            issued ->
                OnContext.of(vertx, ports.grants().open(grant, RefreshTokens.hash(refresh)))
                    .compose(
                        opened ->
                            OnContext.written(
                                vertx, trail.grant(Action.TOKEN_ISSUE, grant, address)))
                    .compose(written -> handed(issued, scopes, refresh)))
        .onSuccess(done -> attempts.passed(address, Caller.of(key)));
  }

  private Future<ObjectNode> refresh(Form form, Optional<ApiKey> client, String address) {
    String token =
        RefreshTokens.parse(form.need("refresh_token"))
            .orElseThrow(() -> denied(Cause.MALFORMED, Optional.empty()));
    return OnContext.of(vertx, ports.grants().find(RefreshTokens.hash(token)))
        .compose(
            found ->
                found
                    .map(grant -> refresh(form, client, new Shown(token, grant, address)))
                    .orElseGet(() -> failed(denied(Cause.UNKNOWN, Optional.empty()))));
  }

  /** A refresh token, what it belongs to, and from where it came. */
  private record Shown(String token, Grant grant, String address) {}

  private Future<ObjectNode> refresh(Form form, Optional<ApiKey> client, Shown shown) {
    Grant grant = shown.grant();
    if (client.isPresent() && !client.get().id().equals(grant.keyId())) {
      trail.reused(grant, shown.address());
      return OnContext.of(vertx, ports.grants().revoke(RefreshTokens.hash(shown.token())))
          .compose(revoked -> failed(denied(Cause.REVOKED, Optional.of(grant.keyId()))));
    }
    return OnContext.of(vertx, ports.keys().key(grant.keyId()))
        .map(KnownKey::of)
        .compose(
            key -> {
              Optional<Cause> fault = key.fault(shown.address(), clock.instant());
              return fault.isPresent()
                  ? failed(denied(fault.get(), Optional.of(grant.keyId())))
                  : refresh(form, key.key(), shown);
            });
  }

  private Future<ObjectNode> refresh(Form form, ApiKey key, Shown shown) {
    rate.count(key.id());
    Set<String> scopes = narrowed(form, shown.grant().scopes(), key, shown.address());
    return signed(shown.grant(), scopes)
        .compose(
            issued ->
                OnContext.written(vertx, trail.refreshing(shown.grant(), shown.address()))
                    .compose(written -> spend(shown))
                    .compose(successor -> handed(issued, scopes, successor)))
        .onSuccess(
            done -> {
              trail.grant(Action.TOKEN_REFRESH, shown.grant(), shown.address());
              attempts.passed(shown.address(), Caller.of(key));
            });
  }

  /** The successor of a refresh token, which from now on has been used. */
  private Future<String> spend(Shown shown) {
    String token = shown.token();
    String salt = RefreshTokens.salt();
    String successor = RefreshTokens.successor(token, salt);
    return OnContext.of(
            vertx,
            ports.grants().rotate(RefreshTokens.hash(token), salt, RefreshTokens.hash(successor)))
        .compose(
            rotation ->
                switch (rotation) {
                  case Rotation.Rotated rotated -> Future.succeededFuture(successor);
                  case Rotation.Repeated(Grant grant, String before) ->
                      Future.succeededFuture(RefreshTokens.successor(token, before));
                  case Rotation.Reused(Grant grant) -> {
                    trail.reused(grant, shown.address());
                    yield failed(denied(Cause.REVOKED, Optional.of(grant.keyId())));
                  }
                  case Rotation.Refused refused -> failed(denied(Cause.UNKNOWN, Optional.empty()));
                });
  }

  private static Denied denied(Cause cause, Optional<String> keyId) {
    return new Denied(Denied.Shown.REFRESH_TOKEN, cause, keyId);
  }

  private Future<AccessTokens.Issued> signed(Grant grant, Set<String> scopes) {
    return signatures.run(() -> tokens.issue(grant, scopes));
  }

  /** What the client is told, once all of it counts. */
  private Future<ObjectNode> handed(
      AccessTokens.Issued issued, Set<String> scopes, String refresh) {
    return authentication
        .remember(issued.text())
        .otherwiseEmpty()
        .map(
            remembered ->
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
