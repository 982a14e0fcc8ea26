package io.sluice.documents.reading;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Which characters the bytes of a text are: what its byte order mark says, else UTF-16 by its
 * zeros, else UTF-8 if it is, else windows-1252, which every sequence of bytes can be.
 */
final class TextCharset {
  private static final Charset WINDOWS = Charset.forName("windows-1252");

  /** Of a hundred bytes of text so many may be control characters: terminals' logs have some. */
  private static final int CONTROLS_PER_CENT = 5;

  private TextCharset() {}

  static boolean looksLikeText(byte[] head) {
    if (marked(head).isPresent() || byZeros(head).isPresent()) {
      return true;
    }
    int controls = 0;
    for (byte b : head) {
      if (b == 0) {
        return false;
      }
      boolean usual = b == '\n' || b == '\r' || b == '\t' || b == '\f' || b == 0x1B || b == '\b';
      controls += b > 0 && b < 0x20 && !usual ? 1 : 0;
    }
    return controls * 100 <= head.length * CONTROLS_PER_CENT;
  }

  static Charset of(Path file, byte[] head) throws IOException {
    Optional<Charset> said = marked(head).or(() -> byZeros(head));
    return said.isPresent() ? said.get() : isUtf8(file) ? StandardCharsets.UTF_8 : WINDOWS;
  }

  private static Optional<Charset> marked(byte[] head) {
    if (startsWith(head, 0xEF, 0xBB, 0xBF)) {
      return Optional.of(StandardCharsets.UTF_8);
    }
    if (startsWith(head, 0xFF, 0xFE, 0, 0)) {
      return Optional.of(Charset.forName("UTF-32LE"));
    }
    if (startsWith(head, 0, 0, 0xFE, 0xFF)) {
      return Optional.of(Charset.forName("UTF-32BE"));
    }
    if (startsWith(head, 0xFF, 0xFE)) {
      return Optional.of(StandardCharsets.UTF_16LE);
    }
    return startsWith(head, 0xFE, 0xFF) ? Optional.of(StandardCharsets.UTF_16BE) : Optional.empty();
  }

  private static boolean startsWith(byte[] head, int... bytes) {
    return head.length >= bytes.length
        && Arrays.equals(Arrays.copyOf(head, bytes.length), toBytes(bytes));
  }

  private static byte[] toBytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** Text of western letters in UTF-16 has a zero in nearly every second byte, and no other. */
  private static Optional<Charset> byZeros(byte[] head) {
    int[] zeros = new int[2];
    int pairs = head.length / 2;
    for (int i = 0; i < pairs * 2; i++) {
      zeros[i % 2] += head[i] == 0 ? 1 : 0;
    }
    if (pairs < 2 || zeros[0] + zeros[1] < pairs * 7 / 10) {
      return Optional.empty();
    }
    if (zeros[0] == 0) {
      return Optional.of(StandardCharsets.UTF_16LE);
    }
    return zeros[1] == 0 ? Optional.of(StandardCharsets.UTF_16BE) : Optional.empty();
  }

  /**
   * Whether the file is UTF-8: a character that its end cuts off does not speak against it, nor do
   * a few broken ones among many good.
   */
  private static boolean isUtf8(Path file) throws IOException {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
    CharBuffer characters = CharBuffer.allocate(1 << 16);
    long good = 0;
    long broken = 0;
    try (InputStream in = Files.newInputStream(file)) {
      int count;
      while ((count = in.read(bytes.array(), bytes.position(), bytes.remaining())) > 0) {
        bytes.position(bytes.position() + count).flip();
        CoderResult result;
        do {
          result = decoder.decode(bytes, characters, false);
          good += beyondAscii(characters.flip());
          characters.clear();
          if (result.isError()) {
            broken++;
            bytes.position(bytes.position() + result.length());
          }
        } while (!result.isUnderflow());
        bytes.compact();
      }
    }
    return broken * 10 <= good;
  }

  private static long beyondAscii(CharBuffer characters) {
    return characters.chars().filter(c -> c > 0x7F).count();
  }
}
