package io.sluice.gateway.pipeline;

import io.sluice.TextExtraction;
import java.time.Duration;

/**
 * The bounds of pipelines.
 *
 * @param documentsMax of one pipeline; defaults to 10,000
 * @param openMax pipelines of one tenant that have not ended; defaults to 100
 * @param partsMax of one document; defaults to 10,000
 * @param kept how long a pipeline can be asked for after its end; defaults to 30 days
 * @param document what one may cost; defaults to 100 MiB, ten million characters and two minutes
 */
public record PipelineConfig(
    int documentsMax, int openMax, int partsMax, Duration kept, TextExtraction.Bounds document) {
  public static final PipelineConfig DEFAULT =
      new PipelineConfig(
          10_000,
          100,
          10_000,
          Duration.ofDays(30),
          new TextExtraction.Bounds(100L << 20, 10_000_000, Duration.ofMinutes(2)));

  public PipelineConfig {
    if (documentsMax < 1 || openMax < 1 || partsMax < 1 || !kept.isPositive()) {
      throw new IllegalArgumentException("the bounds of pipelines must be positive");
    }
  }
}
