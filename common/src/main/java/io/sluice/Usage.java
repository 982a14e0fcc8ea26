package io.sluice;

/**
 * The tokens that an attempt cost, as the engine counted them. Where it did not get to that (a
 * cancelled or failed attempt), the counted prompt and the pieces that were received; nothing if
 * there was none.
 */
public record Usage(int promptTokens, int completionTokens) {
  public static final Usage NONE = new Usage(0, 0);

  public int tokens() {
    return promptTokens + completionTokens;
  }
}
