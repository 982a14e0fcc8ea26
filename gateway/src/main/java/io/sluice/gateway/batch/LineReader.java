package io.sluice.gateway.batch;

import io.sluice.Unavailable;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads a stream line by line, with one line in memory at most. Lines end with LF or CRLF, the last
 * one with the stream; a byte order mark before the first is passed over, and so are blank lines.
 * Used by one thread. Fails with {@link Unavailable} where the stream does.
 */
final class LineReader implements Closeable {
  private static final int[] BYTE_ORDER_MARK = {0xef, 0xbb, 0xbf};

  private final InputStream in;
  private final int lineBytesMax;
  private final byte[] buffer = new byte[64 * 1024];
  private int at;
  private int end;
  private long offset;
  private int number;

  LineReader(InputStream in, int lineBytesMax) {
    this.in = in;
    this.lineBytesMax = lineBytesMax;
  }

  /** The next line that is not blank; empty at the end. */
  Optional<InputLine> next() {
    if (number == 0) {
      skipByteOrderMark();
    }
    while (peek() >= 0) {
      InputLine line = line();
      if (!isBlank(line.text()) || !line.isWhole()) {
        return Optional.of(line);
      }
    }
    return Optional.empty();
  }

  private void skipByteOrderMark() {
    fill();
    for (int i = 0; i < BYTE_ORDER_MARK.length; i++) {
      if (at + i >= end || (buffer[at + i] & 0xff) != BYTE_ORDER_MARK[i]) {
        return;
      }
    }
    at += BYTE_ORDER_MARK.length;
    offset += BYTE_ORDER_MARK.length;
  }

  private InputLine line() {
    number++;
    long begin = offset;
    ByteArrayOutputStream text = new ByteArrayOutputStream(256);
    boolean over = false;
    boolean returns = false;
    while (!over && peek() >= 0) {
      int stop = at;
      while (stop < end && buffer[stop] != '\n') {
        stop++;
      }
      text.write(buffer, at, Math.min(stop - at, lineBytesMax - text.size()));
      offset += stop - at;
      returns = stop > at ? buffer[stop - 1] == '\r' : returns;
      over = stop < end;
      at = stop;
    }
    long bytes = offset - begin - (returns ? 1 : 0);
    if (over) {
      at++;
      offset++;
    }
    int kept = (int) Math.min(bytes, lineBytesMax);
    return new InputLine(
        number,
        begin,
        Arrays.copyOf(text.toByteArray(), kept),
        (int) Math.min(bytes, Integer.MAX_VALUE));
  }

  private static boolean isBlank(byte[] text) {
    for (byte one : text) {
      if (one != ' ' && one != '\t' && one != '\r') {
        return false;
      }
    }
    return true;
  }

  private int peek() {
    if (at == end) {
      fill();
    }
    return at == end ? -1 : buffer[at] & 0xff;
  }

  /** Reads on until there is something; at the first time, as much as a mark takes. */
  private void fill() {
    try {
      at = 0;
      end = Math.max(0, in.readNBytes(buffer, 0, buffer.length));
    } catch (IOException e) {
      throw new Unavailable("files", e.toString());
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new Unavailable("files", e.toString());
    }
  }
}
