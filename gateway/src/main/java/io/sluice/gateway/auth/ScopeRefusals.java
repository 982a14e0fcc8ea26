package io.sluice.gateway.auth;

import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.trail.RepeatedEvents;
import io.sluice.gateway.trail.Trail;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** Writes down requests that failed for want of a scope, and hands every failure on. */
public final class ScopeRefusals implements Handler<RoutingContext> {
  private static final String ROUTE = "sluice.route";

  private final Trail trail;
  private final RepeatedEvents repeated;
  private final Handler<RoutingContext> next;

  public ScopeRefusals(Trail trail, RepeatedEvents repeated, Handler<RoutingContext> next) {
    this.trail = trail;
    this.repeated = repeated;
    this.next = next;
  }

  /** Notes what a request is for, as it is named where it is served. */
  public static void route(RoutingContext http, String name) {
    http.put(ROUTE, name);
  }

  @Override
  public void handle(RoutingContext http) {
    if (http.failure() instanceof Refusal refusal
        && refusal.problem().code() == ProblemCode.INSUFFICIENT_SCOPE) {
      tell(http, refusal.problem());
    }
    next.handle(http);
  }

  private void tell(RoutingContext http, Problem problem) {
    Caller caller = Caller.of(http);
    String route = http.get(ROUTE, "");
    String scope = problem.members().get("scope").asText();
    repeated.add(
        new Kind(caller.tenant(), caller.principal(), route, scope),
        trail
            .event(Action.AUTHORIZE, Outcome.REFUSED)
            .tenant(caller.tenant())
            .principal(caller.principal())
            .address(ClientAddress.of(http))
            .target(route)
            .detail("cause", problem.code().wireName())
            .detail("scope", scope));
  }

  private record Kind(String tenant, String principal, String route, String scope) {}
}
