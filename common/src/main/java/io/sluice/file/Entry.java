package io.sluice.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.AuditEvent;
import io.sluice.codec.AuditCodec;
import io.sluice.codec.Json;
import io.sluice.codec.Sha256;
import java.nio.charset.StandardCharsets;

/**
 * An event as a line of the log: {@code seq}, the event's fields, {@code prev} (the hash before
 * it), {@code hash} (SHA-256 of the line without its own hash). The form is canonical: fields in
 * one order, no spaces, and printable ASCII only, everything else escaped, so that no value can end
 * a line, hide text or reorder it before a reader's eyes.
 */
record Entry(String line, String hash) {
  private static final ObjectWriter ASCII =
      Json.MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

  static Entry of(long seq, AuditEvent event, String prev) {
    ObjectNode json = AuditCodec.write(event, Json.object().put("seq", seq)).put("prev", prev);
    String text = ascii(json);
    String hash = Sha256.hex(text.getBytes(StandardCharsets.US_ASCII));
    String line = text.substring(0, text.length() - 1) + ",\"hash\":\"" + hash + "\"}\n";
    return new Entry(line, hash);
  }

  /** A field as the line has it. */
  static String field(String name, String value) {
    String text = ascii(Json.object().put(name, value));
    return text.substring(1, text.length() - 1);
  }

  private static String ascii(ObjectNode json) {
    try {
      // DEL is the one control character that JSON lets pass.
      return ASCII.writeValueAsString(json).replace("\u007f", "\\u007f");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("strings and a number are always JSON", e);
    }
  }
}
