package io.sluice.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * The whole lines of a file from its last to its first; what follows the last line end is not one.
 */
final class LinesBackwards implements Closeable {
  private static final int BLOCK = 64 * 1024;

  private final FileChannel channel;

  /** The bytes of the file from {@code start} on; those before {@code end} are not read yet. */
  private byte[] bytes = new byte[0];

  private int end;
  private long start;

  private LinesBackwards(FileChannel channel, long size) {
    this.channel = channel;
    this.start = size;
  }

  static LinesBackwards open(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try {
      LinesBackwards lines = new LinesBackwards(channel, channel.size());
      lines.dropUnended();
      return lines;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** The next line towards the beginning, without its end. */
  Optional<byte[]> next() throws IOException {
    if (end == 0 && !load()) {
      return Optional.empty();
    }
    int before = lastEnd(end - 2);
    while (before < 0 && start > 0) {
      int held = end;
      load();
      before = lastEnd(end - 1 - held);
    }
    byte[] line = Arrays.copyOfRange(bytes, before + 1, end - 1);
    end = before + 1;
    return Optional.of(line);
  }

  /** Where the next line ends, its end included: how much of the file is whole lines. */
  long end() {
    return start + end;
  }

  private void dropUnended() throws IOException {
    int last = -1;
    while (last < 0 && load()) {
      last = lastEnd(end - 1);
    }
    end = last + 1;
  }

  /** Reads the block before; false at the beginning of the file. */
  private boolean load() throws IOException {
    int size = (int) Math.min(BLOCK, start);
    if (size == 0) {
      return false;
    }
    byte[] more = new byte[size + end];
    ByteBuffer block = ByteBuffer.wrap(more, 0, size);
    while (block.hasRemaining()) {
      if (channel.read(block, start - size + block.position()) < 0) {
        throw new IOException("the file became shorter");
      }
    }
    System.arraycopy(bytes, 0, more, size, end);
    bytes = more;
    end += size;
    start -= size;
    return true;
  }

  private int lastEnd(int from) {
    int at = from;
    while (at >= 0 && bytes[at] != '\n') {
      at--;
    }
    return at;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
