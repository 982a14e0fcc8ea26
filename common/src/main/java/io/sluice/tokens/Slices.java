package io.sluice.tokens;

import io.sluice.TokenCounter;

/**
 * A long text cut where no token can span the cut, so that counting may stop at a bound. Every
 * vocabulary here ends a piece between a letter and an ASCII character that is none, and Unicode
 * normalisation joins nothing there.
 */
final class Slices {
  static final int LENGTH = 64 * 1024;

  private Slices() {}

  /** The tokens of a text, exactly, unless there are more than {@code bound}; then some more. */
  static long count(TokenCounter counter, String text, long bound) {
    long tokens = 0;
    int from = 0;
    while (from < text.length() && tokens <= bound) {
      int to = cutAfter(text, from + LENGTH);
      tokens += counter.count(text.substring(from, to));
      from = to;
    }
    return tokens;
  }

  private static int cutAfter(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 128 && !Character.isLetter(c) && Character.isLetter(text.charAt(i - 1))) {
        return i;
      }
    }
    return text.length();
  }
}
