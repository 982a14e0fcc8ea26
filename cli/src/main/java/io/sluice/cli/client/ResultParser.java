package io.sluice.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads results, a line each; empty lines say that the server is still there. */
final class ResultParser {
  private static final int LINE_BYTES_MAX = 64 * 1024 * 1024;

  private final InputStream in;

  ResultParser(InputStream in) {
    this.in = new BufferedInputStream(in, 64 * 1024);
  }

  /**
   * The next result; empty where the stream has ended.
   *
   * @throws IOException also where it was cut off within a line
   */
  Optional<ResultLine> next() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b != '\n') {
        add(bytes, b);
      } else if (bytes.size() > 0) {
        return Optional.of(line(bytes.toString(StandardCharsets.UTF_8)));
      }
    }
    if (bytes.size() > 0) {
      throw new IOException("the results were cut off within a line");
    }
    return Optional.empty();
  }

  private static void add(ByteArrayOutputStream bytes, int b) throws IOException {
    if (bytes.size() >= LINE_BYTES_MAX) {
      throw new IOException("a result is longer than " + LINE_BYTES_MAX + " bytes");
    }
    if (b != '\r') {
      bytes.write(b);
    }
  }

  private static ResultLine line(String text) throws IOException {
    try {
      JsonNode json = Json.parse(text);
      if (!json.path("seq").canConvertToLong()) {
        throw new IOException("a result has no number");
      }
      return new ResultLine(json.path("seq").asLong(), text, json);
    } catch (CodecException e) {
      throw new IOException("a result is no JSON", e);
    }
  }
}
