package io.sluice.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Small files that only their owner can read, on the disk as a whole or not at all. */
public final class OwnerFile {
  private OwnerFile() {}

  /** Writes a file, in place of one that was there. */
  public static void write(Path file, String text) throws IOException {
    Files.move(
        fresh(file, text),
        file,
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Writes a file if there is none.
   *
   * @return whether it was written
   */
  public static boolean create(Path file, String text) throws IOException {
    if (Files.exists(file)) {
      return false;
    }
    Path fresh = fresh(file, text);
    try {
      Files.createLink(file, fresh); // unlike a move it never replaces what another just made
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static Path fresh(Path file, String text) throws IOException {
    Path fresh = OwnerOnly.beside(file);
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.write(StandardCharsets.UTF_8.encode(text));
      channel.force(true);
    }
    return fresh;
  }
}
