package io.sluice.gateway.tls;

import io.sluice.codec.Sha256;
import io.sluice.disk.SmallFile;
import io.sluice.tls.IdentityFiles;
import java.nio.file.Path;

/** Tells whether files have changed by what is in them: links, moves and equal times deceive. */
final class FilesDigest {
  private FilesDigest() {}

  static String of(IdentityFiles files) {
    return of(files.certificate()) + " " + of(files.key());
  }

  private static String of(Path file) {
    try {
      return Sha256.hex(SmallFile.read(file));
    } catch (IllegalArgumentException e) {
      return "unreadable";
    }
  }
}
