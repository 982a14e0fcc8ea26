package io.sluice.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;

/**
 * A folder of packages that is filled once for each content of the list that says with which; the
 * next test, and the next run, find it full.
 */
final class InstalledOnce {
  private static final int NAME_DIGITS = 12;
  private static final String FULL = ".installed";

  private InstalledOnce() {}

  /**
   * The folder of this list, filled if it was not.
   *
   * @param parent where the folders of all lists lie
   */
  static synchronized Path folder(Path parent, String name, Path list, Consumer<Path> fill) {
    try {
      Files.createDirectories(parent);
      Path folder = parent.resolve(name + "-" + digest(list)).toAbsolutePath();
      try (FileChannel channel =
              FileChannel.open(
                  parent.resolve(name + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        assert lock.isValid();
        if (!Files.exists(folder.resolve(FULL))) {
          Workplace.remove(folder);
          Files.createDirectories(folder);
          fill.accept(folder);
          Files.createFile(folder.resolve(FULL));
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot install what " + list + " lists", e);
    }
  }

  private static String digest(Path list) throws IOException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(list));
      return HexFormat.of().formatHex(digest).substring(0, NAME_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
