package io.sluice;

import java.util.Optional;

/**
 * The tokens that an attempt cost, as the engine counted them. Where it did not get to that (a
 * cancelled or failed attempt), the counted prompt and the pieces that were received; nothing if
 * there was none.
 *
 * @param timings of an answer that came to its end
 */
public record Usage(int promptTokens, int completionTokens, Optional<Timings> timings) {
  public static final Usage NONE = new Usage(0, 0);

  public Usage(int promptTokens, int completionTokens) {
    this(promptTokens, completionTokens, Optional.empty());
  }

  public int tokens() {
    return promptTokens + completionTokens;
  }

  public Usage with(Timings timings) {
    return new Usage(promptTokens, completionTokens, Optional.of(timings));
  }
}
