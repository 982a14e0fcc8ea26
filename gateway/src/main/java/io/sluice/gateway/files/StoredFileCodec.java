package io.sluice.gateway.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** How what is known of a file is written down. A reader passes over what it does not know. */
final class StoredFileCodec {
  private StoredFileCodec() {}

  static byte[] write(StoredFile file) {
    ObjectNode json =
        Json.object()
            .put("id", file.id().value())
            .put("tenant", file.tenant())
            .put("filename", file.terms().filename())
            .put("purpose", file.terms().purpose().wireName())
            .put("bytes", file.bytes())
            .put("sha256", file.sha256())
            .put("created_at", file.createdAt().toString());
    file.terms().expiresAt().ifPresent(at -> json.put("expires_at", at.toString()));
    return Json.write(json).getBytes(StandardCharsets.UTF_8);
  }

  /** Empty for a file whose purpose only a newer version knows. */
  static Optional<StoredFile> read(byte[] bytes) {
    JsonNode json = Json.parse(new String(bytes, StandardCharsets.UTF_8));
    return Purpose.parse(json.path("purpose").asText())
        .map(
            purpose ->
                new StoredFile(
                    new FileId(json.path("id").asText()),
                    json.path("tenant").asText(),
                    new StoredFile.Terms(
                        json.path("filename").asText(),
                        purpose,
                        Optional.ofNullable(json.path("expires_at").textValue())
                            .map(Instant::parse)),
                    json.path("bytes").asLong(),
                    json.path("sha256").asText(),
                    Instant.parse(json.path("created_at").asText())));
  }
}
