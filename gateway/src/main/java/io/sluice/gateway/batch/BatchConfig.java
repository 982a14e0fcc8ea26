package io.sluice.gateway.batch;

import java.time.Duration;

/**
 * The bounds of batches.
 *
 * @param linesMax requests of one batch; defaults to 50,000, as at OpenAI
 * @param openMax batches of one tenant that have not ended; defaults to 100
 * @param kept how long a batch can be asked for after its window ended; defaults to 30 days
 */
public record BatchConfig(int linesMax, int openMax, Duration kept) {
  public static final BatchConfig DEFAULT = new BatchConfig(50_000, 100, Duration.ofDays(30));

  public BatchConfig {
    if (linesMax < 1 || openMax < 1 || kept.toSeconds() < 1) {
      throw new IllegalArgumentException("the bounds of batches must be positive");
    }
  }
}
