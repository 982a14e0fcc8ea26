package io.sluice.gateway.pipeline.split;

import io.sluice.TokenCounter;
import java.util.Arrays;

/**
 * How many tokens stand before each place of a text, each token counted once. The text is measured
 * in blocks that end where no token can span: after a letter, before what is neither a letter nor
 * joined to one. In a run without such a place a block is cut all the same, which may cost a token
 * or two, so what must not be exceeded is counted anew.
 */
final class Measure {
  private static final int BLOCK_CHARS_MIN = 64;
  private static final int BLOCK_CHARS_MAX = 512;

  private final TokenCounter counter;
  private final String text;
  private final int blockChars;

  /** Where each block starts, and at last the end of the text. */
  private int[] starts = new int[16];

  /** The tokens before each of them. */
  private long[] tokens = new long[16];

  private int blocks;

  /**
   * @param step about how many tokens lie between the places that are asked for
   */
  Measure(TokenCounter counter, String text, int step) {
    this.counter = counter;
    this.text = text;
    this.blockChars = Math.clamp(step, BLOCK_CHARS_MIN, BLOCK_CHARS_MAX);
    while (starts[blocks] < text.length()) {
      int end = blockEnd(starts[blocks]);
      add(end, tokens[blocks] + count(starts[blocks], end));
    }
  }

  /** The tokens of the text before a place. */
  long before(int place) {
    int block = found(Arrays.binarySearch(starts, 0, blocks + 1, place));
    return tokens[block] + count(starts[block], place);
  }

  /** The furthest place that has no more than so many tokens before it. */
  int furthest(long most) {
    int block = found(Arrays.binarySearch(tokens, 0, blocks + 1, most));
    if (block == blocks) {
      return text.length();
    }
    int fits = starts[block];
    int tooFar = starts[block + 1];
    while (tooFar - fits > 1) {
      int middle = (fits + tooFar) >>> 1;
      if (tokens[block] + count(starts[block], middle) <= most) {
        fits = middle;
      } else {
        tooFar = middle;
      }
    }
    return fits;
  }

  /** The block that a place or a count is in: its own, or the last one before it. */
  private static int found(int search) {
    return search >= 0 ? search : Math.max(0, -search - 2);
  }

  private void add(int end, long before) {
    blocks++;
    if (blocks == starts.length) {
      starts = Arrays.copyOf(starts, 2 * blocks);
      tokens = Arrays.copyOf(tokens, 2 * blocks);
    }
    starts[blocks] = end;
    tokens[blocks] = before;
  }

  private int count(int from, int to) {
    return from == to ? 0 : counter.count(text.substring(from, to));
  }

  private int blockEnd(int from) {
    int longest = Math.min(text.length(), from + blockChars);
    if (longest == text.length()) {
      return longest;
    }
    for (int i = longest; i > from + blockChars / 2; i--) {
      if (Character.isLetter(text.charAt(i - 1)) && endsLetters(text.charAt(i))) {
        return i;
      }
    }
    return Character.isLowSurrogate(text.charAt(longest)) ? longest - 1 : longest;
  }

  private static boolean endsLetters(char c) {
    return !Character.isLetter(c) && !Character.isSurrogate(c) && !Joints.isMark(c);
  }
}
