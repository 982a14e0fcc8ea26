package io.sluice;

/** The tokens that an attempt cost, as the engine counted them. */
public record Usage(int promptTokens, int completionTokens) {
  public static final Usage NONE = new Usage(0, 0);
}
