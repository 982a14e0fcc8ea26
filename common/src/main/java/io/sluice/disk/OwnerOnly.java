package io.sluice.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Makes files and folders that only their owner can read: 0600 and 0700. What is there already
 * stays as it is: whoever made it may have given a group its rights.
 */
public final class OwnerOnly {
  private static final Set<OpenOption> READ_WRITE =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);

  private OwnerOnly() {}

  /** Makes a folder, and those above it, where there is none. */
  public static Path folder(Path path) throws IOException {
    return Files.isDirectory(path) ? path : Files.createDirectories(path, only("rwx------"));
  }

  /**
   * Opens a file to be read and written, and makes it where there is none. A link in its place is
   * not followed: it could lead to any file that the process may write.
   */
  public static FileChannel file(Path path) throws IOException {
    return FileChannel.open(path, READ_WRITE, only("rw-------"));
  }

  /** Makes an empty file where there is none, and opens none that is there. */
  public static Path empty(Path path) throws IOException {
    try {
      return Files.exists(path) ? path : Files.createFile(path, only("rw-------"));
    } catch (FileAlreadyExistsException e) {
      return path;
    }
  }

  /** Makes a new file beside another, to take its place. */
  static Path beside(Path file) throws IOException {
    Path folder = folder(file.toAbsolutePath().getParent());
    return Files.createTempFile(folder, file.getFileName().toString(), ".new", only("rw-------"));
  }

  private static FileAttribute<?>[] only(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
