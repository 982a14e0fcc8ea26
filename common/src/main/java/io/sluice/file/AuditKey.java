package io.sluice.file;

import io.sluice.disk.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
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
   * @throws IOException if the file holds no key
   */
  static Optional<AuditKey> read(Path file) throws IOException {
    if (!Files.exists(file) || Files.size(file) == 0) {
      return Optional.empty();
    }
    try {
      byte[] bytes = HexFormat.of().parseHex(Files.readString(file).strip());
      if (bytes.length >= BYTES) {
        return Optional.of(new AuditKey(bytes));
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new IOException(file + " is no key: 64 or more hexadecimal digits, as openssl rand -hex");
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

  String sign(String text) {
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
