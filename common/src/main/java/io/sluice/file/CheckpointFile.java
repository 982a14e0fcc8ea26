package io.sluice.file;

import io.sluice.disk.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The checkpoint on the disk: two lines of one length that are overwritten in turn, so that one of
 * them is whole at every moment. Not synced with each batch: after a loss of power it may be behind
 * the log, which is harmless, and never ahead of it.
 */
final class CheckpointFile {
  private static final int LINE = 512;

  private final Path path;

  CheckpointFile(Path path) {
    this.path = path;
  }

  boolean exists() {
    return Files.exists(path);
  }

  /** The newest that the key has signed. */
  Optional<Checkpoint> read(AuditKey key) throws IOException {
    if (!exists()) {
      return Optional.empty();
    }
    byte[] both = Files.readAllBytes(path);
    return Stream.of(0, LINE)
        .filter(at -> at + LINE <= both.length)
        .map(at -> new String(both, at, LINE, StandardCharsets.ISO_8859_1).strip())
        .flatMap(line -> Checkpoint.read(line, key).stream())
        .max(Comparator.comparingLong(Checkpoint::turn));
  }

  /** Overwrites the older one; the caller holds the lock of the folder. */
  void write(Checkpoint checkpoint, AuditKey key) throws IOException {
    byte[] line = new byte[LINE];
    Arrays.fill(line, (byte) ' ');
    byte[] text = checkpoint.write(key).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, line, 0, text.length);
    line[LINE - 1] = '\n';
    OwnerOnly.folder(path.toAbsolutePath().getParent());
    try (FileChannel channel = OwnerOnly.file(path)) {
      ByteBuffer bytes = ByteBuffer.wrap(line);
      long at = checkpoint.turn() % 2 * LINE;
      while (bytes.hasRemaining()) {
        channel.write(bytes, at + bytes.position());
      }
    }
  }

  void sync() throws IOException {
    if (exists()) {
      try (FileChannel channel = OwnerOnly.file(path)) {
        channel.force(false);
      }
    }
  }
}
