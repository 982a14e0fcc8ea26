package io.sluice.cli.settings;

import io.sluice.gateway.batch.BatchConfig;
import java.time.Duration;

/** The bounds of batches. */
public record BatchSettings(
    @Setting(
            flag = "--batch-lines-max",
            variable = "SLUICE_BATCH_LINES_MAX",
            value = "N",
            standard = "50000",
            min = 1,
            max = 1_000_000,
            text = "requests that one batch may have")
        int linesMax,
    @Setting(
            flag = "--batches-max-per-tenant",
            variable = "SLUICE_BATCHES_MAX_PER_TENANT",
            value = "N",
            standard = "100",
            min = 1,
            max = 10_000,
            text = "batches of one tenant that may be open; more get 429")
        int openMax,
    @Setting(
            flag = "--batches-kept",
            variable = "SLUICE_BATCHES_KEPT",
            value = "TIME",
            standard = "30d",
            min = 3_600,
            text =
                "how long a batch can be asked for after its window ended; its files go when they"
                    + " expire")
        Duration kept) {

  /** Every bound as it is where nothing is set. */
  public static final BatchSettings STANDARD =
      new BatchSettings(
          BatchConfig.DEFAULT.linesMax(),
          BatchConfig.DEFAULT.openMax(),
          BatchConfig.DEFAULT.kept());

  /** As the gateway takes it. */
  public BatchConfig config() {
    return new BatchConfig(linesMax, openMax, kept);
  }
}
