package io.sluice.gateway.token;

import io.sluice.TokenKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Makes keys of tokens, for gateways and for commands alike. */
public final class NewKeys {
  /** From when a key is made by command until it signs: three reads of every gateway. */
  public static final Duration LEAD_MIN = KeyRing.LEAD_MIN;

  /** Those of one tenant that count at a time: one in use, its successor, and some to spare. */
  static final int OF_TENANT_MAX = 4;

  static final int SIGNING_MAX = 100;
  static final int ALL_MAX = 5_000;

  private static final SecureRandom RANDOM = new SecureRandom();

  private NewKeys() {}

  /**
   * A key for Sluice to sign with, of the configured algorithm. Slow: not for an event loop.
   *
   * @param from when it begins to sign
   */
  public static TokenKey signing(TokenConfig config, Instant now, Instant from) {
    Duration life = config.rotation().multipliedBy(2).plus(Claims.LIFE_MAX).plus(Claims.LEEWAY);
    return SigningKey.generate(config.algorithm(), sealing(config), now, from, from.plus(life));
  }

  /** A key for a tenant that mints its own tokens, by its secret. */
  public static TokenKey ofTenant(
      TokenConfig config, String tenant, TenantSecret secret, Instant now, Instant until) {
    byte[] name = new byte[8];
    RANDOM.nextBytes(name);
    TokenKey bare =
        new TokenKey(
            "ten-" + HexFormat.of().formatHex(name),
            TokenKey.Use.TENANT,
            Algorithm.HS256.wireName(),
            Optional.of(tenant),
            "",
            Optional.empty(),
            now,
            now,
            until,
            Optional.empty());
    return Binding.sealed(bare, sealing(config), secret.bytes());
  }

  private static KeySealing sealing(TokenConfig config) {
    return config.sealing().orElseThrow(() -> new IllegalArgumentException("no master secret"));
  }

  /** Why no further signing key may be made, if there are too many. */
  public static Optional<String> tooManySigning(List<TokenKey> keys, Instant now) {
    long signing =
        keys.stream()
            .filter(key -> key.use() == TokenKey.Use.SIGNING && now.isBefore(key.expiresAt()))
            .count();
    return signing < SIGNING_MAX
        ? Optional.empty()
        : Optional.of("There are " + signing + " signing keys; wait until the oldest expire.");
  }

  /** Why a tenant may have no further key, if there are too many. */
  public static Optional<String> tooManyOf(String tenant, List<TokenKey> keys, Instant now) {
    long valid =
        keys.stream()
            .filter(key -> key.tenant().filter(tenant::equals).isPresent())
            .filter(key -> key.revokedAt().isEmpty() && now.isBefore(key.expiresAt()))
            .count();
    if (valid >= OF_TENANT_MAX) {
      return Optional.of("The tenant has " + valid + " valid keys; revoke one first.");
    }
    return keys.size() < ALL_MAX
        ? Optional.empty()
        : Optional.of("There are " + keys.size() + " keys of tokens; wait until some expire.");
  }

  /**
   * Whether the configured master secret is the one that these keys were sealed with: a key under
   * another one would be left out by every gateway. True also where there is none to compare with.
   */
  public static boolean sealedAlike(TokenConfig config, List<TokenKey> keys, Instant now) {
    return keys.stream()
        .filter(key -> key.revokedAt().isEmpty() && now.isBefore(key.expiresAt()))
        .reduce((older, newer) -> newer)
        .map(newest -> sealing(config).open(Binding.of(newest), newest.sealed()).isPresent())
        .orElse(true);
  }
}
