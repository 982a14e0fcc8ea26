package io.sluice.documents.reading;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A compound file, of which nothing is read but whether it holds an encrypted document. */
final class OlderOffice {
  private static final String STREAM =
      new String(
          "EncryptedPackage".getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1);
  private static final int PIECE = 1 << 20;

  private final Path file;

  OlderOffice(Path file) {
    this.file = file;
  }

  /** Looks for the name of the stream, which is nowhere but in the file's directory. */
  boolean holdsEncrypted() throws IOException {
    String before = "";
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes;
      while ((bytes = in.readNBytes(PIECE)).length > 0) {
        String piece = before + new String(bytes, StandardCharsets.ISO_8859_1);
        if (piece.contains(STREAM)) {
          return true;
        }
        before = piece.substring(Math.max(0, piece.length() - STREAM.length()));
      }
      return false;
    }
  }
}
