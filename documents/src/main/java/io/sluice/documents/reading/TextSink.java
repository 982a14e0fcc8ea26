package io.sluice.documents.reading;

import io.sluice.TextExtraction.Reason;
import java.io.IOException;
import java.io.Writer;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes a document's text piece by piece and keeps it as it is promised: NFC, well-formed, {@code
 * \n} at the ends of lines, no other control characters but tabs, and no longer than is allowed.
 *
 * <p>Text is normalised in pieces that begin where nothing composes with what was before, so the
 * whole is in NFC though it is never in one place.
 */
final class TextSink extends Writer {
  private static final int PIECE = 1 << 16;

  /**
   * More marks on one letter than any writing has. Sorting them is quadratic, so then comes a
   * joiner, which is not seen, as in Unicode's stream-safe text.
   */
  private static final int COMPOSING_MAX = 256;

  private static final char GRAPHEME_JOINER = 0x034F;
  private static final char REPLACEMENT = 0xFFFD;
  private static final int BYTE_ORDER_MARK = 0xFEFF;

  private final int charactersMax;
  private final int pagesMax;
  private final StringBuilder open = new StringBuilder();
  private final List<String> pieces = new ArrayList<>();
  private final List<Integer> pageStarts = new ArrayList<>();
  private int length;
  private boolean blank = true;
  private int composing;
  private boolean returned;
  private char high;

  TextSink(int charactersMax, int pagesMax) {
    this.charactersMax = charactersMax;
    this.pagesMax = pagesMax;
  }

  /** What comes now is on the next page. */
  void startPage() throws IOException {
    endLine();
    settle();
    if (pageStarts.size() == pagesMax) {
      throw new RefusedDocument(
          Reason.TOO_MANY_PAGES, "The document has more than " + pagesMax + " pages.");
    }
    pageStarts.add(length);
  }

  /** Ends the line if one is begun. */
  void endLine() throws IOException {
    if (!atLineStart()) {
      write('\n');
    }
  }

  /** How many pages were begun. */
  int pages() {
    return pageStarts.size();
  }

  boolean atLineStart() {
    return open.isEmpty()
        ? pieces.isEmpty() || pieces.getLast().endsWith("\n")
        : open.charAt(open.length() - 1) == '\n';
  }

  @Override
  public void write(char[] characters, int offset, int count) throws IOException {
    for (int i = offset; i < offset + count; i++) {
      take(characters[i]);
    }
  }

  @Override
  public void write(int character) throws IOException {
    take((char) character);
  }

  @Override
  public void write(String text, int offset, int count) throws IOException {
    for (int i = offset; i < offset + count; i++) {
      take(text.charAt(i));
    }
  }

  /** Ends the text; a document that has none is refused. */
  Result finish(Kind kind, String title) throws IOException {
    if (high != 0) {
      high = 0;
      keep(REPLACEMENT);
    }
    settle();
    if (blank) {
      throw new RefusedDocument(
          Reason.EMPTY, "The document has no text. Scanned pages must be recognised first.");
    }
    return new Result(List.copyOf(pieces), length, List.copyOf(pageStarts), kind, title);
  }

  private void take(char c) throws IOException {
    if (high != 0) {
      char first = high;
      high = 0;
      if (Character.isLowSurrogate(c)) {
        keep(Character.toCodePoint(first, c));
        return;
      }
      keep(REPLACEMENT);
    }
    boolean afterReturn = returned;
    returned = c == '\r';
    if (Character.isHighSurrogate(c)) {
      high = c;
    } else if (!(c == '\n' && afterReturn)) {
      keep(Character.isLowSurrogate(c) ? REPLACEMENT : c);
    }
  }

  private void keep(int c) throws IOException {
    boolean endsLine = c == '\r' || c == '\f' || c == 0x0B;
    int kept = endsLine ? '\n' : c;
    boolean control = kept < 0x20 && kept != '\n' && kept != '\t' || kept == 0x7F;
    boolean mark = kept == BYTE_ORDER_MARK && length == 0 && open.isEmpty();
    if (!control && !mark) {
      append(kept);
    }
  }

  private void append(int c) throws IOException {
    boolean begins = begins(c);
    composing = begins ? 0 : composing + 1;
    if (composing > COMPOSING_MAX) {
      composing = 0;
      append(GRAPHEME_JOINER);
    }
    if (open.length() >= PIECE && (begins || c == GRAPHEME_JOINER)) {
      settle();
    }
    open.appendCodePoint(c);
  }

  /** Whether a character never composes, or is sorted, with one before it. */
  private static boolean begins(int c) {
    int type = Character.getType(c);
    boolean mark =
        type == Character.NON_SPACING_MARK
            || type == Character.COMBINING_SPACING_MARK
            || type == Character.ENCLOSING_MARK;
    boolean jamo = c >= 0x1160 && c <= 0x11FF;
    return !mark && !jamo;
  }

  private void settle() throws IOException {
    if (open.isEmpty()) {
      return;
    }
    String piece = Normalizer.normalize(open, Normalizer.Form.NFC);
    open.setLength(0);
    if (piece.length() > charactersMax - length) {
      throw new RefusedDocument(
          Reason.TOO_LONG, "The document has more than " + charactersMax + " characters of text.");
    }
    length += piece.length();
    blank &=
        piece.codePoints().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
    pieces.add(piece);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
