package io.sluice.embedded;

import io.sluice.disk.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * The directory of the database. It holds prompts and answers, so it is made for its owner alone.
 */
final class DataDirectory {
  private DataDirectory() {}

  static Path make(Path directory) {
    try {
      return OwnerOnly.folder(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the directory " + directory, e);
    }
  }

  /** The file of the database; SQLite gives the files beside it the same permissions. */
  static Path database(Path directory) {
    Path file = directory.resolve("sluice.db");
    try {
      return OwnerOnly.empty(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the file " + file, e);
    }
  }
}
