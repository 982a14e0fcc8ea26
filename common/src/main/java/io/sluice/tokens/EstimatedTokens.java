package io.sluice.tokens;

import io.sluice.TokenCounter;

/**
 * An estimate for models whose vocabulary is not on board: four ASCII characters a token, one token
 * for every other character. English prose comes out about right, most else too high.
 */
public final class EstimatedTokens implements TokenCounter {
  private static final int ASCII_PER_TOKEN = 4;

  @Override
  public int count(String text) {
    int ascii = 0;
    int others = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 128) {
        ascii++;
      } else if (!Character.isLowSurrogate(c)) {
        others++;
      }
    }
    return Math.ceilDiv(ascii, ASCII_PER_TOKEN) + others;
  }

  @Override
  public boolean exact() {
    return false;
  }
}
