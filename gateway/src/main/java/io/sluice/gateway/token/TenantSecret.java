package io.sluice.gateway.token;

import io.sluice.codec.Sha256;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * The secret with which a tenant signs its own tokens by HS256. Never a passphrase: who has one
 * token could guess that at leisure (RFC 8725 section 3.5).
 */
public final class TenantSecret {
  private static final int BYTES_MIN = 32;
  private static final int BYTES_MAX = 512;

  /**
   * By the frequency of its own bytes: 32 random bytes have 140 to 160 bits, 64 hexadecimal digits
   * about 250; words of 32 letters have 120, and what repeats itself has less.
   */
  private static final double BITS_MIN = 128;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] secret;

  private TenantSecret(byte[] secret) {
    this.secret = secret;
  }

  public static TenantSecret random() {
    byte[] secret = new byte[BYTES_MIN];
    RANDOM.nextBytes(secret);
    return new TenantSecret(secret);
  }

  /**
   * @param base64 32 to 512 random bytes; either alphabet, with or without padding
   * @throws IllegalArgumentException if it is not that; the message does not repeat it
   */
  public static TenantSecret of(String base64) {
    byte[] secret;
    try {
      secret = Base64.getDecoder().decode(base64.strip().replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("It must be base64: openssl rand -base64 32");
    }
    if (secret.length < BYTES_MIN || secret.length > BYTES_MAX) {
      throw new IllegalArgumentException(
          "It must have " + BYTES_MIN + " to " + BYTES_MAX + " bytes: openssl rand -base64 32");
    }
    if (bits(secret) < BITS_MIN) {
      throw new IllegalArgumentException("It must be random: openssl rand -base64 32");
    }
    return new TenantSecret(secret);
  }

  private static double bits(byte[] secret) {
    Map<Byte, Integer> counts = new HashMap<>();
    for (byte one : secret) {
      counts.merge(one, 1, Integer::sum);
    }
    return counts.values().stream()
        .mapToDouble(count -> count * Math.log((double) secret.length / count) / Math.log(2))
        .sum();
  }

  byte[] bytes() {
    return secret.clone();
  }

  /** To be shown once, to who is to sign with it. */
  public String base64() {
    return Base64.getEncoder().encodeToString(secret);
  }

  /** What names it in the audit log: of a random secret its digest tells nothing. */
  public String digest() {
    return "sha256:" + Sha256.hex(secret).substring(0, 16);
  }

  @Override
  public String toString() {
    return "TenantSecret[***]";
  }
}
