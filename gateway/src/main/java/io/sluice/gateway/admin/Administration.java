package io.sluice.gateway.admin;

import io.sluice.Limits;
import io.sluice.gateway.Body;
import io.sluice.gateway.GatewayEnvironment;
import io.sluice.gateway.GatewayPorts;
import io.sluice.gateway.token.Tokens;
import io.sluice.gateway.trail.Trail;
import io.sluice.gateway.webhook.WebhookUrl;

/**
 * What {@code /admin/v1} does. The scope {@code admin} is over the whole installation: who has it
 * sees and changes every tenant.
 */
public record Administration(
    KeyRoutes keys,
    TenantRoutes tenants,
    WebhookSecretRoute webhookSecrets,
    TokenKeyRoutes tokenKeys,
    WorkerRoutes workers,
    CacheRoutes cache,
    AuditRoutes audit) {

  /**
   * @param standard what applies to tenants where their own limits say nothing
   */
  public static Administration of(
      GatewayEnvironment environment, GatewayPorts ports, Limits standard, Duties duties) {
    Ledger ledger = new Ledger(duties.trail(), environment.meters());
    Bodies bodies = new Bodies(duties.body());
    GatewayPorts.Access access = ports.access();
    WebhookSecretRoute secrets =
        new WebhookSecretRoute(
            ledger, bodies, access.tenants(), duties.tokens(), environment.clock());
    return new Administration(
        new KeyRoutes(ledger, bodies, access.keys(), environment.clock()),
        new TenantRoutes(
            ledger, bodies, access.tenants(), access.keys(), standard, secrets, duties.webhooks()),
        secrets,
        new TokenKeyRoutes(
            ledger, bodies, access.tokenKeys(), duties.tokens(), environment.clock()),
        new WorkerRoutes(ledger, ports.fleet()),
        new CacheRoutes(ledger, ports.answers()),
        new AuditRoutes(ledger, ports.audit()));
  }

  /** What it has in common with the rest of the gateway. */
  public record Duties(Body body, Tokens tokens, Trail trail, WebhookUrl webhooks) {}
}
