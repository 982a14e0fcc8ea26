package io.sluice.cli.compose;

import io.sluice.cli.settings.AuditSettings;
import io.sluice.cli.settings.ConnectionSettings;
import io.sluice.gateway.auth.AuthConfig;
import io.sluice.gateway.token.TokenConfig;
import io.sluice.gateway.webhook.WebhookConfig;

/** What protects that which is run. */
record Guards(
    TokenConfig tokens,
    AuthConfig auth,
    Transport transport,
    AuditSettings audit,
    ConnectionSettings connections,
    WebhookConfig webhooks) {

  /**
   * Without access tokens, with clients known by their sockets, over plain HTTP, with the audit log
   * in the folder of the jobs, and with webhooks of the public internet.
   */
  static final Guards STANDARD =
      new Guards(
          TokenConfig.DEFAULT,
          AuthConfig.DEFAULT,
          Transport.PLAIN,
          AuditSettings.DEFAULT,
          ConnectionSettings.STANDARD,
          WebhookConfig.DEFAULT);

  Guards tokens(TokenConfig other) {
    return new Guards(other, auth, transport, audit, connections, webhooks);
  }

  Guards auth(AuthConfig other) {
    return new Guards(tokens, other, transport, audit, connections, webhooks);
  }

  Guards transport(Transport other) {
    return new Guards(tokens, auth, other, audit, connections, webhooks);
  }

  Guards audit(AuditSettings other) {
    return new Guards(tokens, auth, transport, other, connections, webhooks);
  }

  Guards connections(ConnectionSettings other) {
    return new Guards(tokens, auth, transport, audit, other, webhooks);
  }

  Guards webhooks(WebhookConfig other) {
    return new Guards(tokens, auth, transport, audit, connections, other);
  }
}
