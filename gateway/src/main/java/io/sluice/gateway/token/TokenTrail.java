package io.sluice.gateway.token;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.ApiKey;
import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.Grant;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.trail.RepeatedEvents;
import io.sluice.gateway.trail.Trail;
import io.vertx.core.Future;

/** What the audit log is told of tokens; never a token. */
final class TokenTrail {
  private final Trail trail;
  private final RepeatedEvents repeated;
  private final MeterRegistry meters;

  TokenTrail(Trail trail, RepeatedEvents repeated, MeterRegistry meters) {
    this.trail = trail;
    this.repeated = repeated;
    this.meters = meters;
  }

  /** A token was made, refreshed or revoked; nobody is told so before it is written down. */
  Future<Void> grant(Action action, Grant grant, String address) {
    count(action);
    return trail.add(event(action, Outcome.SUCCESS, grant, address));
  }

  /** A refresh token is about to be spent; it is not before this is written down. */
  Future<Void> refreshing(Grant grant, String address) {
    return trail.add(event(Action.TOKEN_REFRESH, Outcome.BEGUN, grant, address));
  }

  /** Reuse is somebody with a copy, or a client that is broken: worth an alert. */
  private void count(Action action) {
    meters.counter("sluice.tokens", "event", action.wireName()).increment();
  }

  Future<Void> revoked(Caller caller, Caller.Credential.AccessToken token, String address) {
    count(Action.TOKEN_REVOKE);
    return trail.add(
        trail
            .event(Action.TOKEN_REVOKE, Outcome.SUCCESS)
            .tenant(caller.tenant())
            .principal(caller.principal())
            .address(address)
            .detail("grant", token.grantId())
            .detail("token", token.tokenId()));
  }

  /** A refresh token was shown that had been used before, or by somebody else. */
  void reused(Grant grant, String address) {
    count(Action.TOKEN_REUSE);
    repeated.add(new Reuse(grant.id()), event(Action.TOKEN_REUSE, Outcome.REFUSED, grant, address));
  }

  /** A client asked for scopes that it does not have. */
  void overreached(ApiKey key, String address) {
    repeated.add(
        new Overreach(key.id()),
        trail
            .event(Action.AUTHORIZE, Outcome.REFUSED)
            .tenant(key.tenant())
            .principal(key.id())
            .address(address)
            .target("POST /oauth/token")
            .detail("cause", "invalid_scope"));
  }

  private AuditEvent event(Action action, Outcome outcome, Grant grant, String address) {
    return trail
        .event(action, outcome)
        .tenant(grant.tenant())
        .principal(grant.keyId())
        .address(address)
        .detail("grant", grant.id());
  }

  private record Reuse(String grantId) {}

  private record Overreach(String keyId) {}
}
