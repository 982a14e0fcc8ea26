package io.sluice.gateway.token;

import io.sluice.AuditEvent.Action;
import io.sluice.Grants;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.auth.Attempts;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.auth.ClientAddress;
import io.sluice.gateway.auth.Denied;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;

/**
 * POST /oauth/revoke (RFC 7009): whoever holds a token may end it. A refresh token ends its whole
 * family, an access token only itself; a token that is not known is no error. What takes a right
 * away takes effect though it cannot be written down; the client is told 503 then. Who shows too
 * many that are not good is not heard for a while, as at every other door.
 */
final class RevokeEndpoint {
  private static final Denied UNKNOWN =
      new Denied(Denied.Shown.REFRESH_TOKEN, Denied.Cause.UNKNOWN, Optional.empty());

  private final Vertx vertx;
  private final Grants grants;
  private final TokenAuthentication authentication;
  private final TokenTrail trail;
  private final Attempts attempts;

  RevokeEndpoint(
      Vertx vertx,
      Grants grants,
      TokenAuthentication authentication,
      TokenTrail trail,
      Attempts attempts) {
    this.vertx = vertx;
    this.grants = grants;
    this.authentication = authentication;
    this.trail = trail;
    this.attempts = attempts;
  }

  Future<Void> answer(RoutingContext http) {
    String address = ClientAddress.of(http);
    return Form.read(
        vertx,
        http,
        form -> {
          String token = form.need("token");
          Optional<Duration> blocked =
              attempts.blocked(address, () -> authentication.principal(token));
          return blocked.isPresent()
              ? Future.failedFuture(OAuthError.blocked(blocked.get()))
              : revoke(token, address);
        });
  }

  /** A token that is not known is no error, but it is an attempt, as everywhere. */
  private Future<Void> revoke(String token, String address) {
    Optional<String> refresh = RefreshTokens.parse(token);
    return (refresh.isPresent() ? family(refresh.get(), address) : one(token, address))
        .recover(
            e ->
                e instanceof Denied denied
                    ? attempts.failed(address, denied)
                    : Future.failedFuture(e));
  }

  private Future<Void> family(String token, String address) {
    return OnContext.of(vertx, grants.revoke(RefreshTokens.hash(token)))
        .compose(
            ended ->
                ended
                    .map(
                        grant ->
                            OnContext.written(
                                vertx, trail.grant(Action.TOKEN_REVOKE, grant, address)))
                    .orElseGet(() -> Future.failedFuture(UNKNOWN)));
  }

  private Future<Void> one(String token, String address) {
    return OnContext.of(vertx, authentication.caller(token))
        .recover(e -> Future.failedFuture(e instanceof InvalidToken it ? it.denied() : e))
        .compose(
            caller ->
                caller.credential() instanceof Caller.Credential.AccessToken own
                    ? OnContext.of(
                            vertx,
                            grants.deny(
                                own.tokenId(),
                                caller.expiresAt().orElseThrow().plus(Claims.LEEWAY)))
                        .compose(
                            done -> OnContext.written(vertx, trail.revoked(caller, own, address)))
                    : Future.<Void>succeededFuture());
  }
}
