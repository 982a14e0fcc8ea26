package io.sluice.gateway.admin;

import io.sluice.AuditEvent.Action;
import io.sluice.Limits;
import io.sluice.Tenant;
import io.sluice.Tenants;
import io.sluice.gateway.Reply;
import io.sluice.gateway.token.Tokens;
import io.sluice.gateway.webhook.SealedSecrets;
import io.sluice.gateway.webhook.WebhookSecret;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * {@code POST /admin/v1/tenants/{name}/webhook-secret}: a secret for a tenant's webhooks, made here
 * and shown once; those before it sign besides for a while.
 */
public final class WebhookSecretRoute {
  private static final Set<String> NAMES = Set.of("overlap");

  private final Ledger ledger;
  private final Bodies bodies;
  private final Tenants tenants;
  private final Tokens tokens;
  private final InstantSource clock;

  WebhookSecretRoute(
      Ledger ledger, Bodies bodies, Tenants tenants, Tokens tokens, InstantSource clock) {
    this.ledger = ledger;
    this.bodies = bodies;
    this.tenants = tenants;
    this.tokens = tokens;
    this.clock = clock;
  }

  public void create(RoutingContext http) {
    ledger.act(
        http,
        Action.WEBHOOK_SECRET_CREATE,
        http.pathParam("name"),
        act -> {
          String name = TenantRoutes.name(http);
          act.needKey();
          return bodies
              .read(http, NAMES, WebhookBody::overlap)
              .compose(
                  overlap ->
                      act.ask(tenants.find(name))
                          .compose(
                              found ->
                                  create(
                                      act,
                                      found.orElseGet(() -> new Tenant(name, Limits.NONE)),
                                      overlap)));
        });
  }

  private Future<Void> create(Ledger.Act act, Tenant before, Duration overlap) {
    WebhookSecret secret = WebhookSecret.random();
    return rotated(before, secret, overlap)
        .compose(
            after -> {
              act.ofTenant(before.name())
                  .detail("secret", secret.digest())
                  .detail("overlap", overlap.toString());
              return act.change(() -> tenants.put(after)).map(after);
            })
        .map(
            after -> {
              Reply.json(act.http(), 201, WebhookView.made(after, secret.text()));
              return null;
            });
  }

  /** Fails where no master secret is set: nothing could be sealed. */
  Future<Tenant> rotated(Tenant before, WebhookSecret secret, Duration overlap) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return tokens
        .configured()
        .map(
            config ->
                before.webhook(
                    new SealedSecrets(config.sealing().orElseThrow())
                        .rotated(before.name(), before.webhook(), secret, now, overlap)));
  }
}
