package io.sluice.documents;

import io.sluice.TextExtraction.Extracted;
import io.sluice.TextExtraction.Extraction;
import io.sluice.TextExtraction.Reason;
import io.sluice.TextExtraction.Refused;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes an answer of a reading process. A document may have got hold of that process, so every
 * number is held against its bound and every promise about the text is checked; a process that
 * breaks one is as good as crashed.
 */
final class Receiving {
  private final DataInputStream in;
  private final int charactersMax;

  Receiving(DataInputStream in, int charactersMax) {
    this.in = in;
    this.charactersMax = charactersMax;
  }

  /** Fails with an IOException where the process ended or is no longer itself. */
  Extraction receive() throws IOException {
    return switch (in.readUnsignedByte()) {
      case Wire.EXTRACTED -> extracted();
      case Wire.REFUSED -> refused();
      default -> throw new IOException("not an answer");
    };
  }

  private Refused refused() throws IOException {
    String reason = words();
    String message = words();
    for (Reason known : Reason.values()) {
      if (known.name().equals(reason)) {
        return new Refused(known, message);
      }
    }
    throw new IOException("not a reason");
  }

  private Extracted extracted() throws IOException {
    String type = words();
    String title = words();
    int pages = upTo(Wire.PAGES_MAX);
    List<Integer> pageStarts = new ArrayList<>(pages);
    for (int i = 0; i < pages; i++) {
      pageStarts.add(in.readInt());
    }
    String text = text(upTo(charactersMax));
    checkStarts(pageStarts, text.length());
    return new Extracted(
        text, pageStarts, type, title.isEmpty() ? Optional.empty() : Optional.of(title));
  }

  private String words() throws IOException {
    String words = in.readUTF();
    if (words.length() > Wire.WORDS_MAX) {
      throw new IOException("too many words");
    }
    return words;
  }

  private int upTo(int most) throws IOException {
    int number = in.readInt();
    if (number < 0 || number > most) {
      throw new IOException("out of bounds");
    }
    return number;
  }

  private String text(int length) throws IOException {
    StringBuilder text = new StringBuilder(length);
    int bytes;
    while ((bytes = upTo(Wire.PIECE_MAX)) != Wire.WHOLE) {
      // Strict: what is not UTF-8 is an IOException too.
      text.append(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(in.readNBytes(bytes))));
      if (text.length() > length) {
        break;
      }
    }
    if (text.length() != length || text.indexOf("\0") >= 0) {
      throw new IOException("not the text that was promised");
    }
    return text.toString();
  }

  private static void checkStarts(List<Integer> pageStarts, int length) throws IOException {
    int before = 0;
    for (int start : pageStarts) {
      if (start < before || start > length) {
        throw new IOException("not a page of the text");
      }
      before = start;
    }
    if (!pageStarts.isEmpty() && pageStarts.getFirst() != 0) {
      throw new IOException("no first page");
    }
  }
}
