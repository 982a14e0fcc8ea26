package io.sluice.gateway.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.ApiKey;
import io.sluice.AuditEvent.Action;
import io.sluice.Directory;
import io.sluice.auth.ApiKeys;
import io.sluice.gateway.Parameters;
import io.sluice.gateway.Reply;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** {@code /admin/v1/keys}: the API keys of every tenant, never their secrets. */
public final class KeyRoutes {
  private final Ledger ledger;
  private final Bodies bodies;
  private final Directory directory;
  private final InstantSource clock;

  KeyRoutes(Ledger ledger, Bodies bodies, Directory directory, InstantSource clock) {
    this.ledger = ledger;
    this.bodies = bodies;
    this.directory = directory;
    this.clock = clock;
  }

  /** A page, newest first; {@code ?tenant=} shows one tenant's. */
  public void list(RoutingContext http) {
    ledger.act(
        http,
        Action.ADMIN_READ,
        "keys",
        act -> {
          Optional<String> tenant = Parameters.query(http, "tenant");
          return act.ask(directory.keys())
              .map(keys -> Listing.page(http, shown(keys, tenant), ApiKey::id, this::view))
              .map(page -> answer(http, 200, page));
        });
  }

  private static List<ApiKey> shown(List<ApiKey> keys, Optional<String> tenant) {
    return keys.reversed().stream()
        .filter(key -> tenant.map(key.tenant()::equals).orElse(true))
        .toList();
  }

  public void get(RoutingContext http) {
    ledger.act(
        http,
        Action.ADMIN_READ,
        id(http),
        act ->
            act.ask(directory.key(id(http)))
                .map(key -> answer(http, 200, view(key.orElseThrow(KeyRoutes::notFound)))));
  }

  /** Makes a key and shows it: once, since only its hash is kept. */
  public void create(RoutingContext http) {
    ledger.act(
        http,
        Action.KEY_CREATE,
        "keys",
        act -> {
          Instant now = now();
          return bodies
              .read(http, KeyBody.NAMES, fields -> KeyBody.read(fields, now))
              .compose(body -> create(act, body, now));
        });
  }

  private Future<Void> create(Ledger.Act act, KeyBody asked, Instant now) {
    act.needKey();
    act.caller().needAll(asked.scopes());
    ApiKeys.Generated made = asked.key(now);
    ApiKey key = made.key();
    act.target(key.id())
        .ofTenant(key.tenant())
        .detail("scopes", String.join(" ", new TreeSet<>(key.scopes())))
        .detail("ranges", key.ranges().map(all -> String.join(" ", all)).orElse("any"))
        .detail("expires_at", key.expiresAt().map(Instant::toString).orElse("never"));
    return act.change(() -> directory.add(key))
        .map(
            added -> {
              act.http().response().putHeader("Location", "/admin/v1/keys/" + key.id());
              return answer(act.http(), 201, view(key).put("key", made.text()));
            });
  }

  /** Revokes a key, for good; one that was revoked before stays as it is. */
  public void revoke(RoutingContext http) {
    ledger.act(
        http,
        Action.KEY_REVOKE,
        id(http),
        act ->
            act.ask(directory.key(id(http)))
                .compose(key -> revoke(act, key.orElseThrow(KeyRoutes::notFound)))
                .map(key -> answer(http, 200, view(key))));
  }

  private Future<ApiKey> revoke(Ledger.Act act, ApiKey key) {
    act.ofTenant(key.tenant());
    if (key.revokedAt().isPresent()) {
      act.detail("before", "revoked").detail("after", "revoked");
      return Future.succeededFuture(key);
    }
    act.detail("before", "valid").detail("after", "revoked");
    Instant now = now();
    return act.change(() -> directory.revoke(key.id(), now)).map(revoked -> key.revoked(now));
  }

  private ObjectNode view(ApiKey key) {
    return KeyView.of(key, now());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static String id(RoutingContext http) {
    return http.pathParam("id");
  }

  private static Void answer(RoutingContext http, int status, ObjectNode body) {
    Reply.json(http, status, body);
    return null;
  }

  private static Refusal notFound() {
    return ProblemCode.KEY_NOT_FOUND.with("Look at /admin/v1/keys for those there are.").refusal();
  }
}
