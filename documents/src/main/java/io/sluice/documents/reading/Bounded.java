package io.sluice.documents.reading;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;

/**
 * What is unpacked, up to bounds: so many bytes, and so many times what is packed, from a first
 * megabyte on. A bomb is noticed while it unpacks.
 */
final class Bounded extends FilterInputStream {
  private static final long FREE = 1 << 20;

  /**
   * Deflate reaches 1,032 with nothing but repetition; text packs to a tenth, logs to a fiftieth.
   */
  private static final long RATIO_MAX = 200;

  private static final long BYTES_MAX = 256L << 20;

  private final LongSupplier packed;
  private long unpacked;

  /**
   * @param packed how many bytes it is packed, or was so far
   */
  Bounded(InputStream unpacking, LongSupplier packed) {
    super(unpacking);
    this.packed = packed;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    int read = super.read(buffer, offset, count);
    unpacked += Math.max(0, read);
    if (unpacked > BYTES_MAX
        || unpacked > FREE && unpacked / RATIO_MAX > Math.max(1, packed.getAsLong())) {
      throw RefusedDocument.tooCostly("The document unpacks to far more than it is.");
    }
    return read;
  }

  @Override
  public long skip(long count) throws IOException {
    return read(new byte[(int) Math.min(count, 8192)]);
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
