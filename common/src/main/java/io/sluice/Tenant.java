package io.sluice;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A team that shares the models with others.
 *
 * @param name 1 to 64 letters, digits, dots, dashes and underscores, beginning with a letter or
 *     digit
 * @param limits its own; the installation's standard applies where they say nothing
 * @param weight 1 to 1,000: while others wait too, twice the weight is twice the share
 * @param webhook where the ends of its jobs are told, and what such messages are signed with
 */
public record Tenant(String name, Limits limits, int weight, Webhook webhook) {
  public static final int WEIGHT_MAX = 1_000;
  public static final String NAME_FORM = "[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}";

  public Tenant {
    if (!name.matches(NAME_FORM)) {
      throw new IllegalArgumentException("no name of a tenant: it must match " + NAME_FORM);
    }
    if (weight < 1 || weight > WEIGHT_MAX) {
      throw new IllegalArgumentException("a weight must be 1 to " + WEIGHT_MAX);
    }
  }

  /** A tenant with the weight of everybody else. */
  public Tenant(String name, Limits limits) {
    this(name, limits, 1);
  }

  /** A tenant without a webhook. */
  public Tenant(String name, Limits limits, int weight) {
    this(name, limits, weight, Webhook.NONE);
  }

  /** The same tenant with another webhook. */
  public Tenant webhook(Webhook other) {
    return new Tenant(name, limits, weight, other);
  }

  /**
   * @param url where the end of a job is told that names no webhook of its own; without it nowhere
   * @param secrets what messages are signed with, the newest first, which has no end; without any
   *     no job can have a webhook
   */
  public record Webhook(Optional<URI> url, List<Secret> secrets) {
    public static final Webhook NONE = new Webhook(Optional.empty(), List.of());

    public Webhook {
      secrets = List.copyOf(secrets);
    }

    public Webhook url(Optional<URI> other) {
      return new Webhook(other, secrets);
    }
  }

  /**
   * A secret that the tenant and Sluice share.
   *
   * @param sealed the secret as sealed text: who reads or writes the store has no use of it
   * @param expiresAt it signs no more from then on
   */
  public record Secret(String id, String sealed, Instant createdAt, Optional<Instant> expiresAt) {
    /** The same secret, which ends then, or before if it does so already. */
    public Secret until(Instant end) {
      return new Secret(
          id, sealed, createdAt, Optional.of(expiresAt.filter(it -> it.isBefore(end)).orElse(end)));
    }

    @Override
    public String toString() {
      return "Secret[" + id + ", ***]";
    }
  }
}
