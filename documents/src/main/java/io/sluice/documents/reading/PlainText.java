package io.sluice.documents.reading;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text and Markdown, as they are. */
final class PlainText {
  private PlainText() {}

  static void read(Path file, byte[] head, TextSink sink) throws IOException {
    try (Reader reader =
        new InputStreamReader(Files.newInputStream(file), TextCharset.of(file, head))) {
      reader.transferTo(sink);
    }
  }
}
