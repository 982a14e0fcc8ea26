package io.sluice.gateway.submit;

import io.sluice.Pool;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import java.util.List;
import java.util.Optional;

/**
 * Which pool a job gets: the smallest that its prompt and output fit. Without a wish for the output
 * it is the rest of the context, at most {@link #OUTPUT_STANDARD}, and a pool that has all of that
 * is preferred. An estimated prompt is refused only above twice what fits.
 */
record PoolChoice(Pool pool, int maxOutputTokens) {
  static final int OUTPUT_STANDARD = 4_096;

  /** The share of the context that an estimate, which may be too high, never takes away. */
  private static final int OUTPUT_SHARE = 4;

  /**
   * What is to fit.
   *
   * @param promptTokens of the prompt, or of the longest input of an embed request
   * @param whole whether all of the prompt was counted; else it has more tokens than these
   * @param maxOutputTokens 0 for an embed request, which generates nothing
   * @param promptMax the absolute cap on prompts
   */
  record Need(
      int promptTokens,
      boolean exact,
      boolean whole,
      Optional<Integer> maxOutputTokens,
      int promptMax) {
    int outputWanted() {
      return maxOutputTokens.orElse(OUTPUT_STANDARD);
    }

    /** What must be left for the output at the least. */
    int outputNeeded() {
      return maxOutputTokens.orElse(1);
    }

    boolean generates() {
      return outputNeeded() > 0;
    }

    int slack() {
      return exact ? 1 : 2;
    }
  }

  static PoolChoice of(List<Pool> pools, Need need) {
    if (need.promptTokens() > (long) need.promptMax() * need.slack()) {
      throw tooLong(need, Math.min(need.promptMax(), pools.getLast().contextTokens())).refusal();
    }
    for (Pool pool : pools) {
      if ((long) need.promptTokens() + need.outputWanted() <= pool.contextTokens()) {
        return new PoolChoice(pool, need.outputWanted());
      }
    }
    Pool largest = pools.getLast();
    long room = (long) largest.contextTokens() - need.outputNeeded();
    if (room < 1 || need.promptTokens() > room * need.slack()) {
      throw tooLong(need, largest.contextTokens()).refusal();
    }
    return new PoolChoice(largest, need.maxOutputTokens().orElseGet(() -> rest(largest, need)));
  }

  private static int rest(Pool pool, Need need) {
    int rest = pool.contextTokens() - need.promptTokens();
    int least = need.exact() ? 1 : pool.contextTokens() / OUTPUT_SHARE;
    return Math.min(OUTPUT_STANDARD, Math.max(least, rest));
  }

  private static Problem tooLong(Need need, int context) {
    String detail =
        "%s has %s%s%,d tokens%s; the context holds %,d."
            .formatted(
                need.generates() ? "The prompt" : "The longest input",
                need.whole() ? "" : "at least ",
                need.exact() ? "" : "an estimated ",
                need.promptTokens(),
                need.generates()
                    ? " and the output may have %,d".formatted(need.outputNeeded())
                    : "",
                context);
    return ProblemCode.CONTEXT_LENGTH_EXCEEDED
        .with(detail)
        .member("prompt_tokens", need.promptTokens())
        .member("max_output_tokens", need.outputNeeded())
        .member("context", context);
  }
}
