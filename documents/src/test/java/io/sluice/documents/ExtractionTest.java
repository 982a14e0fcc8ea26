package io.sluice.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.TextExtraction.Bounds;
import io.sluice.TextExtraction.Extracted;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class ExtractionTest {
  @Test
  void hello() {
    try (ReaderProcesses p = new ReaderProcesses(ReaderProcesses.Settings.STANDARD, InstantSource.system())) {
      long t = System.nanoTime();
      for (int i = 0; i < 3; i++) {
        assertThat(p.extract(new ByteArrayInputStream("hello\r\nworld".getBytes()), "a.txt", new Bounds(100, 100, Duration.ofSeconds(30))))
            .isEqualTo(new Extracted("hello\nworld", java.util.List.of(), "text/plain"));
        System.out.println((System.nanoTime() - t) / 1e6);
      }
    }
  }
}
