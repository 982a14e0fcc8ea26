package io.sluice.documents;

import io.sluice.TextExtraction.Bounds;
import io.sluice.TextExtraction.Extracted;
import io.sluice.TextExtraction.Extraction;
import io.sluice.TextExtraction.Reason;
import io.sluice.TextExtraction.Refused;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;

/** Processes to extract with, and what tests ask of them. */
final class Extracting implements AutoCloseable {
  /** Long enough for a machine with all its processors busy. */
  static final Bounds BOUNDS = new Bounds(200 << 20, 20_000_000, Duration.ofSeconds(60));

  final ReaderProcesses processes =
      new ReaderProcesses(
          new ReaderProcesses.Settings(2, 256L << 20, Duration.ofMinutes(5), Duration.ofMinutes(1)),
          InstantSource.system());

  Extraction of(byte[] document, String filename, Bounds bounds) {
    return processes.extract(new ByteArrayInputStream(document), filename, bounds);
  }

  Extraction of(byte[] document, String filename) {
    return of(document, filename, BOUNDS);
  }

  /** Its text; a refusal fails. */
  Extracted text(byte[] document, String filename) {
    return switch (of(document, filename)) {
      case Extracted extracted -> extracted;
      case Refused refused -> throw new AssertionError(filename + " was refused: " + refused);
    };
  }

  Extracted text(String document, String filename) {
    return text(document.getBytes(StandardCharsets.UTF_8), filename);
  }

  /** Why it is refused; a text fails. */
  Reason refusal(byte[] document, String filename) {
    return switch (of(document, filename)) {
      case Refused refused -> refused.reason();
      case Extracted extracted ->
          throw new AssertionError(filename + " has " + extracted.text().length() + " characters");
    };
  }

  @Override
  public void close() {
    processes.close();
  }
}
