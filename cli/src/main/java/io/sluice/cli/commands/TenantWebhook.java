package io.sluice.cli.commands;

import io.sluice.Tenant;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.AuditSettings;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.RedisSettings;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.settings.TokenSettings;
import io.sluice.cli.settings.WebhookSettings;
import io.sluice.gateway.token.TokenConfig;
import io.sluice.gateway.webhook.SealedSecrets;
import io.sluice.gateway.webhook.WebhookSecret;
import io.sluice.gateway.webhook.WebhookUrl;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What is to become of a tenant's webhook.
 *
 * @param url where its ends are told from now on
 * @param gone whether they are told nowhere
 */
record TenantWebhook(Optional<URI> url, boolean gone) {
  /** The settings that its commands need: what is allowed, and the master secret. */
  static final List<Class<? extends Record>> GROUPS =
      List.of(
          DataSettings.class,
          RedisSettings.class,
          TokenSettings.class,
          WebhookSettings.class,
          AuditSettings.class);

  static TenantWebhook parse(Settings settings, Optional<String> text, boolean gone) {
    if (text.isPresent() && gone) {
      throw new Refusal(Exit.USAGE, "--webhook and --no-webhook: give one of them");
    }
    WebhookUrl urls = new WebhookUrl(settings.get(WebhookSettings.class).config());
    try {
      return new TenantWebhook(text.map(urls::read), gone);
    } catch (IllegalArgumentException e) {
      throw new Refusal(Exit.USAGE, "--webhook: " + e.getMessage());
    }
  }

  boolean named() {
    return url.isPresent() || gone;
  }

  Tenant appliedTo(Tenant before) {
    return named() ? before.webhook(before.webhook().url(url)) : before;
  }

  /** The same tenant with a new secret; those before it sign for a while besides. */
  static Tenant rotated(Settings settings, Tenant tenant, WebhookSecret secret, Duration overlap) {
    TokenConfig config = TokenKeys.config(settings);
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return tenant.webhook(
        new SealedSecrets(config.sealing().orElseThrow())
            .rotated(tenant.name(), tenant.webhook(), secret, now, overlap));
  }
}
