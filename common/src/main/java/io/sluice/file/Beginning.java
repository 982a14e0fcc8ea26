package io.sluice.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a file of the log begins, and when that was, by the clock of the process that began it. It
 * is signed and kept beside the checkpoint: what the lines themselves say of their time could be
 * anybody's who can write the folder.
 *
 * @param first the first entry of the file
 * @param prev the hash of the entry before it
 */
record Beginning(long first, String prev, Instant at) {
  String write(AuditKey key) {
    return key.signed(text());
  }

  /** Empty if this key did not sign it. */
  static Optional<Beginning> read(String text, AuditKey key) {
    try {
      JsonNode json = Json.parse(text);
      Beginning read =
          new Beginning(
              json.path("file").asLong(),
              json.path("prev").asText(),
              Instant.parse(json.path("begun").asText()));
      return key.hasSigned(read.text(), json) ? Optional.of(read) : Optional.empty();
    } catch (CodecException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private String text() {
    return Json.write(
        Json.object().put("file", first).put("prev", prev).put("begun", at.toString()));
  }
}
