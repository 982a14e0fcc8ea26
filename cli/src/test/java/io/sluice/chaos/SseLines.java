package io.sluice.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The events of a text/event-stream, as the WHATWG standard reads them; cut-off ones are dropped.
 */
final class SseLines {
  record Event(Optional<String> id, String name, String data) {}

  private SseLines() {}

  static void read(InputStream stream, Consumer<Event> sink) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    Optional<String> id = Optional.empty();
    String name = "message";
    StringBuilder data = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          sink.accept(new Event(id, name, data.toString()));
        }
        id = Optional.empty();
        name = "message";
        data.setLength(0);
      } else if (line.startsWith("id:")) {
        id = Optional.of(line.substring(3).strip());
      } else if (line.startsWith("event:")) {
        name = line.substring(6).strip();
      } else if (line.startsWith("data:")) {
        data.append(line.substring(5).strip());
      }
    }
  }
}
