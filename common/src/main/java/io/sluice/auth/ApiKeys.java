package io.sluice.auth;

import io.sluice.ApiKey;
import io.sluice.codec.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The text form of API keys: {@code sk_}, an id of 12 characters, a secret of 43, and a checksum of
 * 6, all base62. The checksum refuses what was mistyped, or made up, without asking the directory.
 */
public final class ApiKeys {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ID_LENGTH = 12;
  private static final int SECRET_LENGTH = 43;
  private static final int CHECKSUM_LENGTH = 6;
  private static final Pattern FORM =
      Pattern.compile("(sk_([0-9A-Za-z]{12})([0-9A-Za-z]{43}))([0-9A-Za-z]{6})");
  private static final SecureRandom RANDOM = new SecureRandom();

  private ApiKeys() {}

  /**
   * A new key: its record for the directory, and its text, which is shown once and kept nowhere.
   */
  public static Generated generate(String tenant, Set<String> scopes, Instant now) {
    String id = random(ID_LENGTH);
    String secret = random(SECRET_LENGTH);
    String body = "sk_" + id + secret;
    return new Generated(ApiKey.of(id, tenant, hash(secret), scopes, now), body + checksum(body));
  }

  /** Reads the text form; empty if it is not one or its checksum is wrong. */
  public static Optional<Presented> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || !checksum(form.group(1)).equals(form.group(4))) {
      return Optional.empty();
    }
    return Optional.of(new Presented(form.group(2), form.group(3)));
  }

  /** Whether a presented key is this one, in time that does not depend on where they differ. */
  public static boolean matches(Presented presented, ApiKey key) {
    return MessageDigest.isEqual(
        hash(presented.secret()).getBytes(StandardCharsets.US_ASCII),
        key.secretHash().getBytes(StandardCharsets.US_ASCII));
  }

  /** SHA-256 in lower-case hex, as {@link ApiKey#secretHash} holds it. */
  public static String hash(String secret) {
    return Sha256.hex(secret.getBytes(StandardCharsets.US_ASCII));
  }

  private static String random(int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  private static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.US_ASCII));
    char[] digits = new char[CHECKSUM_LENGTH];
    long rest = crc.getValue();
    for (int i = CHECKSUM_LENGTH - 1; i >= 0; i--) {
      digits[i] = ALPHABET.charAt((int) (rest % ALPHABET.length()));
      rest /= ALPHABET.length();
    }
    return new String(digits);
  }

  /**
   * A key just made.
   *
   * @param text the secret text form; never to be stored or logged
   */
  public record Generated(ApiKey key, String text) {
    @Override
    public String toString() {
      return "Generated[" + key.id() + ", ***]";
    }
  }

  /** A well-formed key that a client presented; nobody has checked it yet. */
  public record Presented(String id, String secret) {
    @Override
    public String toString() {
      return "Presented[" + id + ", ***]";
    }
  }
}
