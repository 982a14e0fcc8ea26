package io.sluice.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The directory of the database. It holds prompts and answers, so it is made for its owner alone.
 */
final class DataDirectory {
  private DataDirectory() {}

  static Path make(Path directory) {
    try {
      if (Files.isDirectory(directory)) {
        return directory;
      }
      return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
          ? Files.createDirectories(
              directory,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
          : Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the directory " + directory, e);
    }
  }

  static Path database(Path directory) {
    return directory.resolve("sluice.db");
  }
}
