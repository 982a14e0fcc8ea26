package io.sluice.gateway.submit;

import io.sluice.TokenCounter;
import io.sluice.tokens.RequestTokens;
import java.util.List;

/**
 * The tokens of an embed request, whose inputs are read one by one.
 *
 * @param longest of the longest input; some number above the bound where it is longer than that
 * @param all of all of them, of each no more than the bound
 */
record InputTokens(int longest, int all) {
  /**
   * Counts no more of an input than its bound, and stops where all have too many together.
   *
   * @param bound of one input: the most that a model reads of it
   * @param most of all together; what has more is refused
   */
  static InputTokens count(TokenCounter counter, List<String> inputs, int bound, long most) {
    int longest = 0;
    long all = 0;
    for (String input : inputs) {
      int tokens = RequestTokens.input(counter, input, bound);
      longest = Math.max(longest, tokens);
      all += Math.min(tokens, bound);
      if (all > most) {
        throw tooMany(all, most);
      }
    }
    return new InputTokens(longest, Math.toIntExact(all));
  }

  private static RuntimeException tooMany(long tokens, long most) {
    Faults faults = new Faults();
    faults.add(
        "/input",
        "Its texts have at least %,d tokens together; at most %,d are taken."
            .formatted(tokens, most));
    return faults.problem().refusal();
  }
}
