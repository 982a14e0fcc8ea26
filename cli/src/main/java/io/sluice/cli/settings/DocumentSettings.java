package io.sluice.cli.settings;

import java.time.Duration;

/** What it may cost to make text of documents. */
public record DocumentSettings(
    @Setting(
            flag = "--extractors",
            variable = "SLUICE_EXTRACTORS",
            value = "N",
            standard = "2",
            min = 1,
            max = 64,
            text =
                "documents that are made into text at a time, each by a process of its own, which is"
                    + " started when there is one to read")
        int processes,
    @Setting(
            flag = "--extractor-mib",
            variable = "SLUICE_EXTRACTOR_MIB",
            value = "N",
            standard = "256",
            min = 64,
            max = 16_384,
            text =
                "the heap of each of these processes, in MiB, besides some 100 of its own; a document"
                    + " that needs more is refused as document_too_costly")
        int mebibytes,
    @Setting(
            flag = "--extract-timeout",
            variable = "SLUICE_EXTRACT_TIMEOUT",
            value = "TIME",
            standard = "30s",
            min = 1,
            max = 600,
            text =
                "how long a processor may be busy with making a document into text, 1s to 10m; then it"
                    + " is refused as document_timed_out")
        Duration timeout) {

  /** Every bound as it is where nothing is set. */
  public static final DocumentSettings STANDARD =
      new DocumentSettings(2, 256, Duration.ofSeconds(30));
}
