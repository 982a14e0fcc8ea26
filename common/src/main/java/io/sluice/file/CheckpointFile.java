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
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The checkpoint on the disk: two lines of one length that are overwritten in turn, so that one of
 * them is whole at every moment. Not synced with each batch: after a loss of power it may be behind
 * the log, which is harmless, and never ahead of it. Behind these two is a line for each file of
 * the log that is kept: where it begins, and when that was.
 */
final class CheckpointFile {
  private static final int LINE = 512;
  private static final int TURNS = 2;

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
    return lines().stream()
        .limit(TURNS)
        .flatMap(line -> Checkpoint.read(line, key).stream())
        .max(Comparator.comparingLong(Checkpoint::turn));
  }

  /** Where files begin, in no order, as far as the key has signed it. */
  List<Beginning> beginnings(AuditKey key) throws IOException {
    return exists()
        ? lines().stream().skip(TURNS).flatMap(it -> Beginning.read(it, key).stream()).toList()
        : List.of();
  }

  private List<String> lines() throws IOException {
    byte[] all = Files.readAllBytes(path);
    return IntStream.range(0, all.length / LINE)
        .mapToObj(at -> new String(all, at * LINE, LINE, StandardCharsets.ISO_8859_1).strip())
        .toList();
  }

  /** Overwrites the older one; the caller holds the lock of the folder. */
  void write(Checkpoint checkpoint, AuditKey key) throws IOException {
    put((int) (checkpoint.turn() % TURNS), checkpoint.write(key));
  }

  /**
   * Writes down where a file begins, in the place of one that is gone; the caller holds the lock of
   * the folder.
   *
   * @param kept the first entry of the log: nobody asks any more where files before it began
   */
  void begin(Beginning beginning, long kept, AuditKey key) throws IOException {
    List<String> lines = exists() ? lines() : List.of();
    int place = TURNS;
    while (place < lines.size()
        && Beginning.read(lines.get(place), key).filter(it -> it.first() > kept).isPresent()) {
      place++;
    }
    put(place, beginning.write(key));
  }

  private void put(int place, String text) throws IOException {
    byte[] line = new byte[LINE];
    Arrays.fill(line, (byte) ' ');
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, line, 0, ascii.length);
    line[LINE - 1] = '\n';
    OwnerOnly.folder(path.toAbsolutePath().getParent());
    try (FileChannel channel = OwnerOnly.file(path)) {
      ByteBuffer bytes = ByteBuffer.wrap(line);
      long at = (long) place * LINE;
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
