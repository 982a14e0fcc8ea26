package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A data directory of a test's own. */
record TemporaryData(Path path) implements AutoCloseable {
  static TemporaryData make() {
    try {
      return new TemporaryData(Files.createTempDirectory("sluice-data"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Embedded open(Admission.Bounds bounds, List<Pool> pools, InstantSource clock) {
    return Embedded.open(path, bounds, pools, clock);
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
