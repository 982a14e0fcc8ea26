package io.sluice.worker.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The lines of a stream, however its bytes are cut, each of them bounded. */
final class Lines {
  private static final int READ_BYTES = 16 * 1024;

  private final InputStream in;
  private final int lineBytesMax;
  private byte[] buffer = new byte[READ_BYTES];
  private int from;
  private int searched;
  private int to;

  Lines(InputStream in, int lineBytesMax) {
    this.in = in;
    this.lineBytesMax = lineBytesMax;
  }

  /** A line is longer than it may be. */
  static final class TooLong extends IOException {
    TooLong(int bytes) {
      super("a line of more than " + bytes + " bytes");
    }
  }

  /**
   * The next line without its end; empty at the end of the stream, where what has no line end still
   * counts as a line.
   *
   * @throws CharacterCodingException if it is no UTF-8
   */
  Optional<String> next() throws IOException {
    while (true) {
      for (; searched < to; searched++) {
        if (buffer[searched] == '\n') {
          String line = text(from, searched);
          from = ++searched;
          return Optional.of(line);
        }
      }
      if (to - from > lineBytesMax) {
        throw new TooLong(lineBytesMax);
      }
      if (!fill()) {
        return rest();
      }
    }
  }

  private boolean fill() throws IOException {
    if (from > 0) {
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= from;
      searched -= from;
      from = 0;
    }
    if (to == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int read = in.read(buffer, to, buffer.length - to);
    to += Math.max(read, 0);
    return read >= 0;
  }

  private Optional<String> rest() throws CharacterCodingException {
    if (from == to) {
      return Optional.empty();
    }
    String line = text(from, to);
    from = to;
    return Optional.of(line);
  }

  private String text(int start, int end) throws CharacterCodingException {
    int last = end > start && buffer[end - 1] == '\r' ? end - 1 : end;
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(buffer, start, last - start))
        .toString();
  }
}
