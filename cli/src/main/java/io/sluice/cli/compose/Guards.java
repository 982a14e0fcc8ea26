package io.sluice.cli.compose;

import io.sluice.cli.settings.AuditSettings;
import io.sluice.cli.settings.ConnectionSettings;
import io.sluice.gateway.auth.AuthConfig;
import io.sluice.gateway.token.TokenConfig;

/** What protects that which is run. */
record Guards(
    TokenConfig tokens,
    AuthConfig auth,
    Transport transport,
    AuditSettings audit,
    ConnectionSettings connections) {

  /**
   * Without access tokens, with clients known by their sockets, over plain HTTP, and with the audit
   * log in the folder of the jobs.
   */
  static final Guards STANDARD =
      new Guards(
          TokenConfig.DEFAULT,
          AuthConfig.DEFAULT,
          Transport.PLAIN,
          AuditSettings.DEFAULT,
          ConnectionSettings.STANDARD);

  Guards tokens(TokenConfig other) {
    return new Guards(other, auth, transport, audit, connections);
  }

  Guards auth(AuthConfig other) {
    return new Guards(tokens, other, transport, audit, connections);
  }

  Guards transport(Transport other) {
    return new Guards(tokens, auth, other, audit, connections);
  }

  Guards audit(AuditSettings other) {
    return new Guards(tokens, auth, transport, other, connections);
  }

  Guards connections(ConnectionSettings other) {
    return new Guards(tokens, auth, transport, audit, other);
  }
}
