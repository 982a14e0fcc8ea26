package io.sluice.gateway.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.ApiKey;
import io.sluice.AuditEvent.Action;
import io.sluice.TokenKey;
import io.sluice.TokenKeys;
import io.sluice.gateway.Reply;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.token.KeyState;
import io.sluice.gateway.token.NewKeys;
import io.sluice.gateway.token.TokenConfig;
import io.sluice.gateway.token.Tokens;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * {@code /admin/v1/token-keys}: the keys that Sluice signs access tokens with, and those of tenants
 * that mint their own.
 */
public final class TokenKeyRoutes {
  private final Ledger ledger;
  private final Bodies bodies;
  private final TokenKeys keys;
  private final Tokens tokens;
  private final InstantSource clock;

  TokenKeyRoutes(Ledger ledger, Bodies bodies, TokenKeys keys, Tokens tokens, InstantSource clock) {
    this.ledger = ledger;
    this.bodies = bodies;
    this.keys = keys;
    this.tokens = tokens;
    this.clock = clock;
  }

  /** A page, newest first. */
  public void list(RoutingContext http) {
    ledger.act(
        http,
        Action.ADMIN_READ,
        "token-keys",
        act ->
            act.ask(keys.keys())
                .map(
                    all -> Listing.page(http, all.reversed(), TokenKey::kid, key -> view(key, all)))
                .map(page -> answer(http, 200, page)));
  }

  /** Registers a tenant's secret, or makes one and shows it, once. */
  public void create(RoutingContext http) {
    ledger.act(
        http,
        Action.TOKEN_KEY_CREATE,
        "token-keys",
        act -> {
          act.needKey();
          // Who has a tenant's secret can give itself every scope but admin.
          act.caller().needAll(ApiKey.ALL_SCOPES);
          Instant now = now();
          return tokens
              .configured()
              .compose(
                  config ->
                      bodies
                          .read(http, SecretBody.NAMES, fields -> SecretBody.read(fields, now))
                          .compose(body -> create(act, config, body, now)));
        });
  }

  private Future<Void> create(Ledger.Act act, TokenConfig config, SecretBody body, Instant now) {
    TokenKey key = NewKeys.ofTenant(config, body.tenant(), body.secret(), now, body.expiresAt());
    act.target(key.kid())
        .ofTenant(body.tenant())
        .detail("secret", body.secret().digest())
        .detail("expires_at", body.expiresAt().toString());
    return act.ask(keys.keys())
        .compose(
            all -> {
              refuse(NewKeys.tooManyOf(body.tenant(), all, now));
              return act.change(() -> keys.add(key));
            })
        .compose(added -> act.ask(tokens.refresh()))
        .map(
            seen -> {
              ObjectNode view = view(key, List.of(key));
              body.shown().ifPresent(secret -> view.put("secret", secret));
              return answer(act.http(), 201, view);
            });
  }

  /** Makes the next signing key now; it signs a few seconds later, when every gateway knows it. */
  public void rotate(RoutingContext http) {
    ledger.act(
        http,
        Action.TOKEN_KEY_CREATE,
        "token-keys",
        act ->
            tokens
                .configured()
                .compose(config -> act.ask(keys.keys()))
                .compose(
                    all -> {
                      refuse(NewKeys.tooManySigning(all, now()));
                      act.detail("cause", "rotation");
                      return act.change(tokens::rotate);
                    })
                .map(
                    key -> {
                      act.target(key.kid()).detail("after", "signs from " + key.activeFrom());
                      return answer(http, 201, view(key, List.of(key)));
                    }));
  }

  private static void refuse(Optional<String> tooMany) {
    tooMany.ifPresent(
        why -> {
          throw ProblemCode.TOO_MANY_TOKEN_KEYS.with(why).refusal();
        });
  }

  /** Revokes a key, for good; one that was revoked before stays as it is. */
  public void revoke(RoutingContext http) {
    String kid = http.pathParam("kid");
    ledger.act(
        http,
        Action.TOKEN_KEY_REVOKE,
        kid,
        act ->
            act.ask(keys.keys())
                .compose(all -> revoke(act, find(all, kid), all))
                .map(key -> answer(http, 200, TokenKeyView.of(key, KeyState.REVOKED))));
  }

  private Future<TokenKey> revoke(Ledger.Act act, TokenKey key, List<TokenKey> all) {
    act.detail("before", KeyState.of(key, all, now()).wireName()).detail("after", "revoked");
    key.tenant().ifPresent(tenant -> act.ofTenant(tenant));
    if (key.revokedAt().isPresent()) {
      return Future.succeededFuture(key);
    }
    Instant now = now();
    return act.change(() -> keys.revoke(key.kid(), now))
        .compose(revoked -> act.ask(tokens.refresh()))
        .map(key.revoked(now));
  }

  private static TokenKey find(List<TokenKey> all, String kid) {
    return all.stream()
        .filter(key -> key.kid().equals(kid))
        .findFirst()
        .orElseThrow(TokenKeyRoutes::notFound);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private ObjectNode view(TokenKey key, List<TokenKey> all) {
    return TokenKeyView.of(key, KeyState.of(key, all, now()));
  }

  private static Void answer(RoutingContext http, int status, ObjectNode body) {
    Reply.json(http, status, body);
    return null;
  }

  private static Refusal notFound() {
    return ProblemCode.KEY_NOT_FOUND
        .with("Look at /admin/v1/token-keys for those there are.")
        .refusal();
  }
}
