package io.sluice.gateway.token;

import io.sluice.AuditEvent.Action;
import io.sluice.Grants;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.auth.ClientAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * POST /oauth/revoke (RFC 7009): whoever holds a token may end it. A refresh token ends its whole
 * family, an access token only itself; a token that is not known is no error. What takes a right
 * away takes effect though it cannot be written down; the client is told 503 then.
 */
final class RevokeEndpoint {
  private final Vertx vertx;
  private final Grants grants;
  private final TokenAuthentication authentication;
  private final TokenTrail trail;

  RevokeEndpoint(Vertx vertx, Grants grants, TokenAuthentication authentication, TokenTrail trail) {
    this.vertx = vertx;
    this.grants = grants;
    this.authentication = authentication;
    this.trail = trail;
  }

  Future<Void> answer(RoutingContext http) {
    String address = ClientAddress.of(http);
    return Form.read(
        vertx,
        http,
        form -> {
          String token = form.need("token");
          Optional<String> refresh = RefreshTokens.parse(token);
          return refresh.isPresent() ? family(refresh.get(), address) : one(token, address);
        });
  }

  private Future<Void> family(String token, String address) {
    return OnContext.of(vertx, grants.revoke(RefreshTokens.hash(token)))
        .compose(
            ended ->
                ended
                    .map(
                        grant ->
                            OnContext.of(vertx, trail.grant(Action.TOKEN_REVOKE, grant, address)))
                    .orElseGet(Future::succeededFuture));
  }

  private Future<Void> one(String token, String address) {
    return OnContext.of(vertx, authentication.caller(token))
        .compose(
            caller ->
                caller.credential() instanceof Caller.Credential.AccessToken own
                    ? OnContext.of(
                            vertx,
                            grants.deny(
                                own.tokenId(),
                                caller.expiresAt().orElseThrow().plus(Claims.LEEWAY)))
                        .compose(done -> OnContext.of(vertx, trail.revoked(caller, own, address)))
                    : Future.<Void>succeededFuture())
        .recover(
            e -> e instanceof InvalidToken ? Future.succeededFuture() : Future.failedFuture(e));
  }
}
