package io.sluice.cli.compose;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sluice.TextExtraction;
import java.io.InputStream;

/** Counts what became of documents, and times it, the wait for a turn included. */
final class MeteredExtraction implements TextExtraction {
  private final TextExtraction extraction;
  private final MeterRegistry meters;

  MeteredExtraction(TextExtraction extraction, MeterRegistry meters) {
    this.extraction = extraction;
    this.meters = meters;
  }

  @Override
  public Extraction extract(InputStream document, String filename, Bounds bounds) {
    Timer.Sample started = Timer.start(meters);
    String result = "failed";
    try {
      Extraction extracted = extraction.extract(document, filename, bounds);
      result =
          switch (extracted) {
            case Extracted text -> "extracted";
            case Refused refused -> refused.reason().code();
          };
      return extracted;
    } finally {
      started.stop(meters.timer("sluice.gateway.documents", "result", result));
    }
  }
}
