package io.sluice.cli.bulk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/**
 * A file that is to be analysed.
 *
 * @param path where it is, absolute
 * @param name what it is called in results: as it was found from what the command named
 * @param modified when it was last written to: with its size, what tells whether it is the same
 */
record FoundDocument(Path path, String name, long bytes, Instant modified) {
  static FoundDocument of(Path path, String name) throws IOException {
    BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
    return new FoundDocument(
        path.toAbsolutePath().normalize(), name, now.size(), now.lastModifiedTime().toInstant());
  }

  /** It as it is now. */
  FoundDocument again() throws IOException {
    return of(path, name);
  }
}
