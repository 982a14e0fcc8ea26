package io.sluice.documents;

import io.sluice.Unavailable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder for one process, that nobody else can read; flat. */
record TemporaryFolder(Path path) {
  static TemporaryFolder create() {
    try {
      return new TemporaryFolder(Files.createTempDirectory("sluice-documents-"));
    } catch (IOException full) {
      throw new Unavailable("extraction", "no folder for temporary files can be made", full);
    }
  }

  /** Removes it with what is in it, as far as that is possible: the process may do so too. */
  void remove() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(path);
    } catch (IOException gone) {
      // The process was faster.
    }
  }
}
