package io.sluice.gateway.webhook;

import io.sluice.codec.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that a tenant and Sluice share, so that its receivers know who tells them (Standard
 * Webhooks, symmetric signatures): 32 random bytes, written {@code whsec_} and base64.
 */
public final class WebhookSecret {
  static final int BYTES = 32;
  private static final String PREFIX = "whsec_";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] secret;

  private WebhookSecret(byte[] secret) {
    this.secret = secret.clone();
  }

  public static WebhookSecret random() {
    byte[] secret = new byte[BYTES];
    RANDOM.nextBytes(secret);
    return new WebhookSecret(secret);
  }

  static WebhookSecret of(byte[] secret) {
    return new WebhookSecret(secret);
  }

  byte[] bytes() {
    return secret.clone();
  }

  /** To be shown once, to who receives. */
  public String text() {
    return PREFIX + Base64.getEncoder().encodeToString(secret);
  }

  /** What names it in the audit log: of a random secret its digest tells nothing. */
  public String digest() {
    return "sha256:" + Sha256.hex(secret).substring(0, 16);
  }

  /** One signature of a message, as the header has it. */
  String sign(String id, long timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256", e);
    }
  }

  @Override
  public String toString() {
    return "WebhookSecret[***]";
  }
}
