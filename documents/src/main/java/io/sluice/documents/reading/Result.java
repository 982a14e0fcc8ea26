package io.sluice.documents.reading;

import java.util.List;

/**
 * A document's text.
 *
 * @param pieces the text, in order
 * @param length of all of them, in UTF-16 units
 * @param pageStarts offsets in the whole
 * @param title empty if the document does not say
 */
record Result(List<String> pieces, int length, List<Integer> pageStarts, Kind kind, String title) {
  private static final int TITLE_MAX = 300;

  Result {
    title = oneLine(title);
  }

  private static String oneLine(String title) {
    StringBuilder line = new StringBuilder();
    title
        .codePoints()
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .filter(c -> Character.getType(c) != Character.SURROGATE)
        .limit(TITLE_MAX)
        .forEach(line::appendCodePoint);
    return line.toString().strip();
  }
}
