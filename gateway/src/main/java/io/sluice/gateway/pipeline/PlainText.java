package io.sluice.gateway.pipeline;

import io.sluice.TextExtraction;
import io.sluice.Unavailable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Takes documents that are text as they are, and no others: for gateways that have nothing to read
 * others with.
 */
public final class PlainText implements TextExtraction {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  @Override
  public Extraction extract(InputStream document, String filename, Bounds bounds) {
    byte[] bytes;
    try {
      bytes = document.readNBytes((int) Math.min(bounds.bytesMax() + 1, Integer.MAX_VALUE - 8));
    } catch (IOException e) {
      throw new Unavailable("files", e.toString(), e);
    }
    if (bytes.length > bounds.bytesMax()) {
      return new Refused(Reason.TOO_LARGE, "It has more bytes than a document may have.");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return ofText(text, filename, bounds);
    } catch (CharacterCodingException e) {
      return new Refused(
          Reason.UNSUPPORTED, "It is no text in UTF-8, and nothing else can be read here.");
    }
  }

  /** A text that came as one. */
  static Extraction ofText(String given, String filename, Bounds bounds) {
    String text = given.replace("\r\n", "\n").replace('\r', '\n');
    if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
      text = text.substring(1);
    }
    if (text.indexOf('\0') >= 0) {
      return new Refused(Reason.UNSUPPORTED, "It is no text: it has characters that are zero.");
    }
    return text.length() > bounds.charactersMax()
        ? new Refused(Reason.TOO_LONG, "It has more characters than a document may have.")
        : new Extracted(text, List.of(), type(filename));
  }

  private static String type(String filename) {
    String name = filename.toLowerCase(Locale.ROOT);
    return name.endsWith(".md") || name.endsWith(".markdown") ? "text/markdown" : "text/plain";
  }
}
