package io.sluice.gateway.token;

import io.sluice.TokenKey;

/**
 * What a sealed key belongs to, as one text: its name, use, algorithm, tenant and life. It is bound
 * into the seal, so that who writes the store can neither move a key to another tenant nor make it
 * last longer.
 */
public final class Binding {
  private Binding() {}

  public static String of(TokenKey key) {
    StringBuilder text = new StringBuilder();
    add(text, key.kid());
    add(text, key.use().name());
    add(text, key.algorithm());
    add(text, key.tenant().orElse(""));
    add(text, String.valueOf(key.activeFrom().toEpochMilli()));
    add(text, String.valueOf(key.expiresAt().toEpochMilli()));
    return text.toString();
  }

  /** The lengths keep apart what a separator in a part would join. */
  private static void add(StringBuilder text, String part) {
    text.append(part.length()).append(':').append(part).append(' ');
  }

  /** The same key with its secret sealed. */
  public static TokenKey sealed(TokenKey key, KeySealing sealing, byte[] secret) {
    return new TokenKey(
        key.kid(),
        key.use(),
        key.algorithm(),
        key.tenant(),
        sealing.seal(of(key), secret),
        key.publicJwk(),
        key.createdAt(),
        key.activeFrom(),
        key.expiresAt(),
        key.revokedAt());
  }
}
