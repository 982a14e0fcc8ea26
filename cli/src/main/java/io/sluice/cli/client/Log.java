package io.sluice.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * What a reader saw of a job from its first event to the end of the stream.
 *
 * @param ends how many {@code end} events there were
 * @param text the tokens since the last {@code reset}
 */
public record Log(int ends, String text) {
  static Log read(InputStream events) throws IOException {
    int ends = 0;
    StringBuilder text = new StringBuilder();
    try (events) {
      EventParser parser = new EventParser(events, "");
      for (Optional<ServerSentEvent> event = parser.next();
          event.isPresent();
          event = parser.next()) {
        JsonNode data = Json.parse(event.get().data());
        switch (event.get().type()) {
          case "token" -> text.append(data.path("text").asText());
          case "reset" -> text.setLength(0);
          case "end" -> ends++;
          default -> {
            // Not counted.
          }
        }
      }
    }
    return new Log(ends, text.toString());
  }
}
