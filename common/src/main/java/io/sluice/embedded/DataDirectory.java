package io.sluice.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The directory of the database. It holds prompts and answers, so it is made for its owner alone.
 */
final class DataDirectory {
  private DataDirectory() {}

  static Path make(Path directory) {
    try {
      return Files.isDirectory(directory)
          ? directory
          : Files.createDirectories(directory, only("rwx------"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the directory " + directory, e);
    }
  }

  /** The file of the database; SQLite gives the files beside it the same permissions. */
  static Path database(Path directory) {
    Path file = directory.resolve("sluice.db");
    try {
      return Files.exists(file) ? file : Files.createFile(file, only("rw-------"));
    } catch (FileAlreadyExistsException e) {
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the file " + file, e);
    }
  }

  private static FileAttribute<?>[] only(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
