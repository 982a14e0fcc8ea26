package io.sluice.gateway.token;

import io.sluice.auth.ApiKeys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Refresh tokens: {@code rt_} and 256 bits. A successor follows from the token that is traded and a
 * salt, so that the same one can be given again without being kept.
 */
final class RefreshTokens {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final Pattern FORM = Pattern.compile("rt_[A-Za-z0-9_-]{43}");

  private RefreshTokens() {}

  static String first() {
    return "rt_" + random(32);
  }

  static String salt() {
    return random(16);
  }

  static String successor(String token, String salt) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
      byte[] derived = mac.doFinal(salt.getBytes(StandardCharsets.US_ASCII));
      return "rt_" + BASE64.encodeToString(derived);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256", e);
    }
  }

  /** What the store keeps of it. */
  static String hash(String token) {
    return ApiKeys.hash(token);
  }

  static Optional<String> parse(String text) {
    return Optional.of(text).filter(it -> FORM.matcher(it).matches());
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return BASE64.encodeToString(random);
  }
}
