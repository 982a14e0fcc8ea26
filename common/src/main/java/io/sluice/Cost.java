package io.sluice;

/**
 * What a request costs an engine, in virtual tokens: a token of the prompt is one, a token of the
 * output two (Virtual Token Counter, arXiv 2401.00588, with w_p = 1 and w_q = 2). The one measure
 * by which tenants and classes share, and by which waiting work is counted.
 */
public final class Cost {
  private static final long PER_OUTPUT_TOKEN = 2;

  private Cost() {}

  public static long of(long promptTokens, long outputTokens) {
    return promptTokens + PER_OUTPUT_TOKEN * outputTokens;
  }

  public static long of(Usage usage) {
    return of(usage.promptTokens(), usage.completionTokens());
  }

  /**
   * What a job will probably cost.
   *
   * @param meanOutput how long the outputs of its pool and class have been lately
   */
  public static long estimate(Job job, long meanOutput) {
    return of(job.promptTokens(), Math.min(job.maxOutputTokens(), meanOutput));
  }
}
