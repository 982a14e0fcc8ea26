package io.sluice.gateway.token;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.Grant;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.trail.Trail;
import java.util.Optional;

/** What the audit log is told of tokens; never a token. */
final class TokenTrail {
  private final Trail trail;

  TokenTrail(Trail trail) {
    this.trail = trail;
  }

  void tokenRefused(InvalidToken.Cause cause, String address) {
    trail.add(
        trail
            .event(Action.AUTHENTICATE, Outcome.REFUSED)
            .address(address)
            .detail("credential", "token")
            .detail("cause", cause.wireName()));
  }

  /** A client that could not show its key. */
  void clientRefused(Optional<String> keyId, String address) {
    AuditEvent event =
        trail
            .event(Action.AUTHENTICATE, Outcome.REFUSED)
            .address(address)
            .detail("credential", "client")
            .detail("cause", "client");
    trail.add(keyId.map(event::principal).orElse(event));
  }

  void grant(Action action, Outcome outcome, Grant grant, String address) {
    trail.add(
        trail
            .event(action, outcome)
            .tenant(grant.tenant())
            .principal(grant.keyId())
            .address(address)
            .detail("grant", grant.id()));
  }

  void revoked(Caller caller, Caller.Credential.AccessToken token, String address) {
    trail.add(
        trail
            .event(Action.TOKEN_REVOKE, Outcome.SUCCESS)
            .tenant(caller.tenant())
            .principal(caller.principal())
            .address(address)
            .detail("grant", token.grantId())
            .detail("token", token.tokenId()));
  }

  void refused(Action action, String address, String cause) {
    trail.add(trail.event(action, Outcome.REFUSED).address(address).detail("cause", cause));
  }
}
