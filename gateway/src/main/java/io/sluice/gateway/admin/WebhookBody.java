package io.sluice.gateway.admin;

import io.sluice.gateway.submit.Durations;
import io.sluice.gateway.submit.Fields;
import io.sluice.gateway.webhook.SealedSecrets;
import io.sluice.gateway.webhook.WebhookUrl;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A tenant's webhook as an administrator sets it.
 *
 * @param url empty where there is to be none
 */
record WebhookBody(Optional<URI> url) {
  private static final Set<String> NAMES = Set.of("url");
  private static final Durations.Bounds OVERLAP = new Durations.Bounds("0s", "168h");

  static WebhookBody read(Fields fields, WebhookUrl urls) {
    fields.allowOnly(NAMES);
    try {
      return new WebhookBody(fields.text("url", 1, WebhookUrl.CHARS_MAX).map(urls::read));
    } catch (IllegalArgumentException e) {
      fields.fault("url", e.getMessage());
      return new WebhookBody(Optional.empty());
    }
  }

  /** How long the secrets before a new one still sign. */
  static Duration overlap(Fields fields) {
    return Durations.read(fields, "overlap", OVERLAP, SealedSecrets.OVERLAP);
  }
}
