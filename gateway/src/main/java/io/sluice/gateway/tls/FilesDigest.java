package io.sluice.gateway.tls;

import io.sluice.tls.IdentityFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells whether files have changed by what is in them: links, moves and equal times deceive. */
final class FilesDigest {
  private static final int BYTES_MAX = 1024 * 1024;

  private FilesDigest() {}

  static String of(IdentityFiles files) {
    return of(files.certificate()) + " " + of(files.key());
  }

  private static String of(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(in.readNBytes(BYTES_MAX));
      return HexFormat.of().formatHex(digest);
    } catch (IOException e) {
      return "unreadable";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
