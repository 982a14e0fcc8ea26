package io.sluice.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and folders that only their owner can read: 0600 and 0700. */
final class OwnerOnly {
  private static final Set<OpenOption> READ_WRITE =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);

  private OwnerOnly() {}

  static void folder(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectories(path, only("rwx------"));
    }
  }

  /**
   * Opens a file to be read and written, and makes it where there is none. A link in its place is
   * not followed: it could lead to any file that the process may write.
   */
  static FileChannel file(Path path) throws IOException {
    return FileChannel.open(path, READ_WRITE, only("rw-------"));
  }

  private static FileAttribute<?>[] only(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
