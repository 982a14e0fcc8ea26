package io.sluice.embedded;

import io.sluice.disk.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The file that only one process at a time can hold; the system lets go of it when that dies. */
final class DataLock implements AutoCloseable {
  private final FileChannel channel;

  private DataLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws IllegalStateException if another one holds it, with a sentence for a person to read
   */
  static DataLock take(Path directory) {
    Path file = directory.resolve("lock");
    try {
      FileChannel channel = OwnerOnly.file(file);
      if (!locked(channel)) {
        String holder = holder(channel);
        channel.close();
        throw new IllegalStateException(
            directory
                + " is in use by another sluice"
                + holder
                + "; stop it, or choose another --data");
      }
      sign(channel);
      return new DataLock(channel);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot lock " + file, e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    channel.read(text, 0);
    String process = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
    return process.isEmpty() ? "" : " (process " + process + ")";
  }

  private static void sign(FileChannel channel) throws IOException {
    String process = ProcessHandle.current().pid() + "\n";
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(process.getBytes(StandardCharsets.UTF_8)), 0);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot let go of the lock", e);
    }
  }
}
