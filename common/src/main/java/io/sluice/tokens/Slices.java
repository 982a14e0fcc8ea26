package io.sluice.tokens;

import io.sluice.TokenCounter;

/**
 * A long text in slices, so that counting may stop at a bound and costs as much for a text of one
 * character as for prose. A cut is made where no token can span it: every vocabulary here ends a
 * piece between a letter and an ASCII character that is none, and Unicode normalisation joins
 * nothing there. A run without such a place is cut all the same, for a token or two each; no prose
 * has one.
 */
final class Slices {
  static final int LENGTH = 4 * 1024;

  /**
   * No token of any vocabulary here has more characters: the longest has 128 bytes, and
   * normalisation makes one character of four at most.
   */
  static final int CHARS_PER_TOKEN_MAX = 4 * 128;

  private final TokenCounter counter;
  private final String text;
  private String last = "";
  private long lastCount;

  private Slices(TokenCounter counter, String text) {
    this.counter = counter;
    this.text = text;
  }

  /** The tokens of a text, unless there are more than {@code bound}; then some number above it. */
  static long count(TokenCounter counter, String text, long bound) {
    long atLeast = text.length() / CHARS_PER_TOKEN_MAX;
    return atLeast > bound ? atLeast : new Slices(counter, text).count(bound);
  }

  private long count(long bound) {
    long tokens = 0;
    int from = 0;
    while (from < text.length() && tokens <= bound) {
      int to = cutAfter(from + LENGTH);
      tokens += count(text.substring(from, to));
      from = to;
    }
    return tokens;
  }

  /** A run of one character is the same slice again and again. */
  private long count(String slice) {
    if (!slice.equals(last)) {
      last = slice;
      lastCount = counter.count(slice);
    }
    return lastCount;
  }

  private int cutAfter(int from) {
    int longest = Math.min(text.length(), from + LENGTH);
    for (int i = from; i < longest; i++) {
      char c = text.charAt(i);
      if (c < 128 && !Character.isLetter(c) && Character.isLetter(text.charAt(i - 1))) {
        return i;
      }
    }
    boolean splitsPair = longest < text.length() && Character.isLowSurrogate(text.charAt(longest));
    return splitsPair ? longest - 1 : longest;
  }
}
