package io.sluice.gateway.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.nio.charset.StandardCharsets;

/** An entry as it is written: one line of JSON, {@code {"n":17,"e":{…}}}. */
record Line(int piece, byte[] bytes) {
  static Line of(int piece, JsonNode json) {
    ObjectNode line = Json.object().put("n", piece);
    line.set("e", json);
    return new Line(piece, (Json.write(line) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  static Journal.Entry parse(long seq, String text) {
    JsonNode line = Json.parse(text);
    return new Journal.Entry(seq, line.path("n").intValue(), line.path("e"));
  }
}
