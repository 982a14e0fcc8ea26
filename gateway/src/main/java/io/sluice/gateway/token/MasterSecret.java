package io.sluice.gateway.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals with AES-256-GCM under a key that follows from the master secret; what the secret belongs
 * to is bound in, so that sealed text cannot be moved from one key to another.
 */
public final class MasterSecret implements KeySealing {
  private static final int BYTES_MIN = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final String VERSION = "v1.";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKeySpec key;

  private MasterSecret(SecretKeySpec key) {
    this.key = key;
  }

  /**
   * @param base64 at least 32 random bytes
   * @throws IllegalArgumentException if it is not that; the message does not repeat it
   */
  public static MasterSecret of(String base64) {
    byte[] secret;
    try {
      secret = Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the master secret is not base64");
    }
    if (secret.length < BYTES_MIN || same(secret)) {
      throw new IllegalArgumentException(
          "the master secret needs 32 random bytes: openssl rand -base64 32");
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      byte[] derived = mac.doFinal("sluice token keys".getBytes(StandardCharsets.US_ASCII));
      return new MasterSecret(new SecretKeySpec(derived, "AES"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256", e);
    }
  }

  private static boolean same(byte[] secret) {
    byte first = secret[0];
    for (byte one : secret) {
      if (one != first) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String seal(String binding, byte[] secret) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, binding, nonce).doFinal(secret);
      byte[] whole = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, whole, NONCE_BYTES, sealed.length);
      return VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES-GCM", e);
    }
  }

  @Override
  public Optional<byte[]> open(String binding, String sealed) {
    if (!sealed.startsWith(VERSION)) {
      return Optional.empty();
    }
    try {
      byte[] whole = Base64.getUrlDecoder().decode(sealed.substring(VERSION.length()));
      byte[] nonce = Arrays.copyOf(whole, NONCE_BYTES);
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, binding, nonce)
              .doFinal(whole, NONCE_BYTES, Math.max(0, whole.length - NONCE_BYTES)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, String binding, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(binding.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  @Override
  public String toString() {
    return "MasterSecret[***]";
  }
}
