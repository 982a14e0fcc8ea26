package io.sluice.cli.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** The first bytes of a file, told of as they are read; a file that has shrunk is an error. */
final class CountedStream extends FilterInputStream {
  private final LongConsumer read;
  private long left;

  private CountedStream(InputStream in, long size, LongConsumer read) {
    super(in);
    this.left = size;
    this.read = read;
  }

  static CountedStream open(Path file, long size, LongConsumer read) {
    try {
      return new CountedStream(Files.newInputStream(file), size, read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int count = super.read(bytes, from, (int) Math.min(length, left));
    if (count < 0) {
      throw new IOException("the file became shorter while it was sent");
    }
    left -= count;
    read.accept(count);
    return count;
  }
}
