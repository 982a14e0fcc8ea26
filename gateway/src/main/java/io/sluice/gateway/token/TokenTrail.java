package io.sluice.gateway.token;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.AuditLog;
import io.sluice.Grant;
import io.sluice.gateway.auth.Caller;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the audit log is told of tokens; never a token. */
final class TokenTrail {
  private static final Logger LOG = LoggerFactory.getLogger(TokenTrail.class);

  private final AuditLog audit;
  private final InstantSource clock;

  TokenTrail(AuditLog audit, InstantSource clock) {
    this.audit = audit;
    this.clock = clock;
  }

  void tokenRefused(InvalidToken.Cause cause, String address) {
    write(
        Action.AUTHENTICATE,
        Outcome.REFUSED,
        Optional.empty(),
        Optional.empty(),
        address,
        Map.of("credential", "token", "cause", cause.wireName()));
  }

  /** A client that could not show its key. */
  void clientRefused(Optional<String> keyId, String address) {
    write(
        Action.AUTHENTICATE,
        Outcome.REFUSED,
        Optional.empty(),
        keyId,
        address,
        Map.of("credential", "client", "cause", "client"));
  }

  void grant(Action action, Outcome outcome, Grant grant, String address) {
    write(
        action,
        outcome,
        Optional.of(grant.tenant()),
        Optional.of(grant.keyId()),
        address,
        Map.of("grant", grant.id()));
  }

  void revoked(Caller caller, Caller.Credential.AccessToken token, String address) {
    write(
        Action.TOKEN_REVOKE,
        Outcome.SUCCESS,
        Optional.of(caller.tenant()),
        Optional.of(caller.principal()),
        address,
        Map.of("grant", token.grantId(), "token", token.tokenId()));
  }

  void refused(Action action, String address, String cause) {
    write(
        action,
        Outcome.REFUSED,
        Optional.empty(),
        Optional.empty(),
        address,
        Map.of("cause", cause));
  }

  private void write(
      Action action,
      Outcome outcome,
      Optional<String> tenant,
      Optional<String> principal,
      String address,
      Map<String, String> details) {
    Optional<String> from = Optional.of(address).filter(it -> !it.isEmpty());
    audit
        .append(
            new AuditEvent(
                clock.instant(),
                action,
                outcome,
                tenant,
                principal,
                from,
                Optional.empty(),
                details))
        .onFailure(e -> LOG.warn("not written to the audit log: {}", e.toString()));
  }
}
