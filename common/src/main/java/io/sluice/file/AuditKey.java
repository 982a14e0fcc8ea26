package io.sluice.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.disk.OwnerOnly;
import io.sluice.disk.SmallFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret that checkpoints are signed with: 32 random bytes, in hexadecimal in a file. */
final class AuditKey {
  private static final int BYTES = 32;

  /** No other use of the same bytes gives the same code. */
  private static final byte[] PURPOSE =
      "sluice audit checkpoint\n".getBytes(StandardCharsets.US_ASCII);

  private final SecretKeySpec key;

  private AuditKey(byte[] bytes) {
    this.key = new SecretKeySpec(bytes, "HmacSHA256");
  }

  /**
   * The key of a file; none where there is no file.
   *
   * @throws IOException if the file holds no key, or others can read it
   */
  static Optional<AuditKey> read(Path file) throws IOException {
    if (!Files.exists(file) || Files.size(file) == 0) {
      return Optional.empty();
    }
    String text = text(file);
    try {
      byte[] bytes = HexFormat.of().parseHex(text.strip());
      if (bytes.length >= BYTES) {
        return Optional.of(new AuditKey(bytes));
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new IOException(file + " is no key: 64 or more hexadecimal digits, as openssl rand -hex");
  }

  private static String text(Path file) throws IOException {
    try {
      return new String(SmallFile.secret(file), StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Makes the file; the caller holds the lock of the folder. */
  static AuditKey make(Path file) throws IOException {
    OwnerOnly.folder(file.toAbsolutePath().getParent());
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    String text = HexFormat.of().formatHex(bytes) + "\n";
    try (FileChannel channel = OwnerOnly.file(file)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
      channel.force(true);
    }
    return new AuditKey(bytes);
  }

  /** A JSON object with the signature of it as its last field. */
  String signed(String json) {
    return json.substring(0, json.length() - 1) + ",\"mac\":\"" + sign(json) + "\"}";
  }

  /** Whether an object that was read has the signature of this text. */
  boolean hasSigned(String text, JsonNode read) {
    return MessageDigest.isEqual(
        read.path("mac").asText().getBytes(StandardCharsets.UTF_8),
        sign(text).getBytes(StandardCharsets.UTF_8));
  }

  private String sign(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(PURPOSE);
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA-256", e);
    }
  }
}
