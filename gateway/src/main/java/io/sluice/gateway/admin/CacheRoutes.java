package io.sluice.gateway.admin;

import io.sluice.AnswerCache;
import io.sluice.AuditEvent.Action;
import io.sluice.Tenant;
import io.sluice.codec.Json;
import io.sluice.gateway.Parameters;
import io.sluice.gateway.Reply;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** {@code /admin/v1/cache}: the answers that jobs share. */
public final class CacheRoutes {
  private final Ledger ledger;
  private final AnswerCache answers;

  CacheRoutes(Ledger ledger, AnswerCache answers) {
    this.ledger = ledger;
    this.answers = answers;
  }

  /** Forgets those of one tenant, or all; jobs that have them keep them. */
  public void forget(RoutingContext http) {
    ledger.act(
        http,
        Action.CACHE_FORGET,
        "cache",
        act -> {
          Optional<String> tenant = tenant(http);
          tenant.ifPresent(act::ofTenant);
          return act.change(() -> answers.forget(tenant))
              .map(
                  forgotten -> {
                    Reply.json(http, 200, Json.object().put("forgotten", forgotten));
                    return null;
                  });
        });
  }

  private static Optional<String> tenant(RoutingContext http) {
    Optional<String> tenant = Parameters.query(http, "tenant");
    if (tenant.isPresent() && !tenant.get().matches(Tenant.NAME_FORM)) {
      throw Parameters.malformed("'tenant' is no name of a tenant.").refusal();
    }
    return tenant;
  }
}
