package io.sluice.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;

/** The lines of a file from its first to its last, without a copy of each. */
final class LinesForwards implements Closeable {
  private static final int BLOCK = 256 * 1024;

  /** No entry is longer; what is longer is cut here, and so no entry. */
  private static final int LINE_BYTES_MAX = 4 * 1024 * 1024;

  private final InputStream in;
  private byte[] bytes = new byte[BLOCK];
  private int from;
  private int to;
  private int filled;
  private boolean ended;

  private LinesForwards(InputStream in) {
    this.in = in;
  }

  static LinesForwards open(Path file) throws IOException {
    return new LinesForwards(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS));
  }

  /** Goes on to the next line; false where there is none. */
  boolean next() throws IOException {
    from = Math.min(to + 1, filled);
    int at = from;
    while (true) {
      while (at < filled && bytes[at] != '\n') {
        at++;
      }
      if (at < filled || at - from >= LINE_BYTES_MAX) {
        ended = at < filled;
        break;
      }
      int seen = at - from;
      if (!fill()) {
        ended = false;
        at = filled;
        break;
      }
      at = from + seen;
    }
    to = at;
    return to > from || ended;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Where the line begins in {@link #bytes}. */
  int from() {
    return from;
  }

  /** Where it ends, the line end excluded. */
  int to() {
    return to;
  }

  /** Whether the line has an end. */
  boolean ended() {
    return ended;
  }

  private boolean fill() throws IOException {
    int held = filled - from;
    if (from > 0) {
      System.arraycopy(bytes, from, bytes, 0, held);
    } else if (held == bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    from = 0;
    filled = held;
    int read = in.read(bytes, held, bytes.length - held);
    filled += Math.max(read, 0);
    return read > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
