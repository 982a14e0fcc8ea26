package io.sluice.documents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** What unpacks to a thousand times what it is. */
final class Bombs {
  private static final byte[] SPACES = " ".repeat(1 << 16).getBytes();

  private Bombs() {}

  /** Something and so many spaces, deflated. */
  static byte[] deflated(String start, long length) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(bytes, new Deflater(Deflater.BEST_SPEED))) {
      out.write(start.getBytes(StandardCharsets.UTF_8));
      fill(out, length);
    }
    return bytes.toByteArray();
  }

  static byte[] deflate(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  static byte[] gzipped(long length) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      fill(out, length);
    }
    return bytes.toByteArray();
  }

  static void fill(OutputStream out, long length) throws IOException {
    for (long left = length; left > 0; left -= SPACES.length) {
      out.write(SPACES, 0, (int) Math.min(left, SPACES.length));
    }
  }
}
