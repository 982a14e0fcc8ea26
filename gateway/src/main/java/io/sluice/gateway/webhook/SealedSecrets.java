package io.sluice.gateway.webhook;

import io.sluice.Tenant;
import io.sluice.gateway.token.KeySealing;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The secrets of tenants, sealed as the keys of tokens are: who reads or writes the store can
 * neither sign a message nor plant a secret, nor give one tenant's to another.
 */
public final class SealedSecrets {
  /** How long a secret still signs beside its successor, unless somebody says otherwise. */
  public static final Duration OVERLAP = Duration.ofHours(24);

  public static final Duration OVERLAP_MAX = Duration.ofDays(7);

  /** Those of one tenant at a time: a message has a signature of each. */
  private static final int SECRETS_MAX = 4;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final KeySealing sealing;

  public SealedSecrets(KeySealing sealing) {
    this.sealing = sealing;
  }

  /**
   * A tenant's webhook with a new secret, which signs from now on; those before sign besides for a
   * while.
   */
  public Tenant.Webhook rotated(
      String tenant, Tenant.Webhook before, WebhookSecret secret, Instant now, Duration overlap) {
    List<Tenant.Secret> secrets = new ArrayList<>();
    byte[] name = new byte[8];
    RANDOM.nextBytes(name);
    String id = "whs-" + HexFormat.of().formatHex(name);
    String sealed = sealing.seal(binding(tenant, id), secret.bytes());
    secrets.add(new Tenant.Secret(id, sealed, now, Optional.empty()));
    Instant until = now.plus(overlap);
    valid(before, now).stream()
        .limit(SECRETS_MAX - 1)
        .map(old -> old.until(until))
        .filter(old -> now.isBefore(old.expiresAt().orElseThrow()))
        .forEach(secrets::add);
    return new Tenant.Webhook(before.url(), secrets);
  }

  /** Those that sign now, the newest first. */
  public static List<Tenant.Secret> valid(Tenant.Webhook webhook, Instant now) {
    return webhook.secrets().stream()
        .filter(secret -> secret.expiresAt().filter(end -> !now.isBefore(end)).isEmpty())
        .toList();
  }

  /** The secrets to sign with; those that this process cannot open are left out. */
  List<WebhookSecret> open(Tenant tenant, Instant now) {
    return valid(tenant.webhook(), now).stream()
        .flatMap(it -> sealing.open(binding(tenant.name(), it.id()), it.sealed()).stream())
        .map(WebhookSecret::of)
        .toList();
  }

  private static String binding(String tenant, String id) {
    return "webhook " + tenant + " " + id;
  }
}
