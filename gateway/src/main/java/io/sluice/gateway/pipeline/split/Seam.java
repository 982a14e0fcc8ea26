package io.sluice.gateway.pipeline.split;

/** What a cut at a place would part, the least harmful last. */
enum Seam {
  CHARACTERS,
  WORDS,
  LINES,
  SENTENCES,
  PARAGRAPHS,
  SECTIONS;

  private static final String STOPS = ".!?…";
  private static final String WIDE_STOPS = "。！？";
  private static final String CLOSERS = "\"'”’»)]";

  /** A sentence is not looked for behind more of these than this. */
  private static final int GAP_CHARS_MAX = 64;

  private static final int HEADING_MARKS_MAX = 6;

  /**
   * @param place within the text, after its first character
   */
  static Seam at(String text, int place) {
    char before = text.charAt(place - 1);
    char after = text.charAt(place);
    if (Character.isWhitespace(after)) {
      return CHARACTERS;
    }
    if (before == '\f') {
      return SECTIONS;
    }
    if (before == '\n') {
      return atLineStart(text, place);
    }
    if (Character.isWhitespace(before)) {
      return endsSentence(text, place) ? SENTENCES : WORDS;
    }
    return WIDE_STOPS.indexOf(before) >= 0 && !isStopOrCloser(after) ? SENTENCES : CHARACTERS;
  }

  private static Seam atLineStart(String text, int place) {
    if (isHeading(text, place)) {
      return SECTIONS;
    }
    if (isBlankLineBefore(text, place)) {
      return PARAGRAPHS;
    }
    return endsSentence(text, place) ? SENTENCES : LINES;
  }

  /** As Markdown writes them: one to six {@code #} and a space. */
  private static boolean isHeading(String text, int place) {
    int i = place;
    while (i < text.length() && i - place < HEADING_MARKS_MAX && text.charAt(i) == '#') {
      i++;
    }
    return i > place && i < text.length() && text.charAt(i) == ' ';
  }

  private static boolean isBlankLineBefore(String text, int place) {
    int floor = Math.max(0, place - GAP_CHARS_MAX);
    for (int i = place - 2; i >= floor; i--) {
      char c = text.charAt(i);
      if (c == '\n') {
        return true;
      }
      if (!Character.isWhitespace(c)) {
        return false;
      }
    }
    return false;
  }

  private static boolean endsSentence(String text, int place) {
    int floor = Math.max(0, place - GAP_CHARS_MAX);
    int i = place - 1;
    while (i > floor && Character.isWhitespace(text.charAt(i))) {
      i--;
    }
    while (i > floor && CLOSERS.indexOf(text.charAt(i)) >= 0) {
      i--;
    }
    char last = text.charAt(i);
    return STOPS.indexOf(last) >= 0 || WIDE_STOPS.indexOf(last) >= 0;
  }

  private static boolean isStopOrCloser(char c) {
    return WIDE_STOPS.indexOf(c) >= 0 || CLOSERS.indexOf(c) >= 0 || "」』）".indexOf(c) >= 0;
  }
}
