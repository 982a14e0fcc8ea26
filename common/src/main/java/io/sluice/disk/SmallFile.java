package io.sluice.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Reads a file of settings or secrets: bounded, and a secret only where others cannot read it. */
public final class SmallFile {
  private static final int BYTES_MAX = 1024 * 1024;

  /** A group may read it: that is how orchestrators hand secrets to a process. */
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private SmallFile() {}

  /**
   * @throws IllegalArgumentException if it cannot be read or has more than 1 MiB
   */
  public static byte[] read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw new IllegalArgumentException(file + " has more than " + BYTES_MAX + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file);
    }
  }

  /**
   * A key or another secret.
   *
   * @throws IllegalArgumentException also if everybody on this machine can read or change it
   */
  public static byte[] secret(Path file) {
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      if (mode.stream().anyMatch(OTHERS::contains)) {
        throw new IllegalArgumentException(
            "others can read the secret "
                + file
                + ": chmod 600 it, and replace a secret that was seen");
      }
    } catch (UnsupportedOperationException e) {
      // A file system without modes: its owner answers for it.
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file);
    }
    return read(file);
  }
}
