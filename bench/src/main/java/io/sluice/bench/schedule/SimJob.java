package io.sluice.bench.schedule;

import io.sluice.Cost;
import io.sluice.JobClass;

/**
 * A job of a trace.
 *
 * @param number its place in the trace
 * @param bias how wrong its estimate is: 1 is not at all, 2 is twice too much
 */
record SimJob(
    int number,
    long arrivesMs,
    String tenant,
    JobClass jobClass,
    int promptTokens,
    int outputTokens,
    double bias) {
  private static final double PROMPT_MS_PER_TOKEN = 0.5;
  private static final double OUTPUT_MS_PER_TOKEN = 20;

  /** How long it keeps a slot. */
  long serviceMs() {
    return Math.max(1, Math.round(serviceMs(promptTokens, outputTokens)));
  }

  static double serviceMs(double promptTokens, double outputTokens) {
    return promptTokens * PROMPT_MS_PER_TOKEN + outputTokens * OUTPUT_MS_PER_TOKEN;
  }

  /** In virtual tokens. */
  long cost() {
    return Cost.of(promptTokens, outputTokens);
  }
}
