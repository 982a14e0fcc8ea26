package io.sluice.codec;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.TokenKey;
import java.time.Instant;
import java.util.Optional;

/** A key of tokens as JSON, its secret part sealed; its revocation is kept apart. */
public final class TokenKeyCodec {
  private TokenKeyCodec() {}

  public static String write(TokenKey key) {
    return Json.write(
        Json.object()
            .put("kid", key.kid())
            .put("use", key.use().name())
            .put("algorithm", key.algorithm())
            .put("tenant", key.tenant().orElse(null))
            .put("sealed", key.sealed())
            .put("public", key.publicJwk().orElse(null))
            .put("created", key.createdAt().toEpochMilli())
            .put("active", key.activeFrom().toEpochMilli())
            .put("expires", key.expiresAt().toEpochMilli()));
  }

  public static TokenKey read(String text, Optional<Instant> revokedAt) {
    JsonNode json = Json.parse(text);
    return new TokenKey(
        json.path("kid").asText(),
        TokenKey.Use.valueOf(json.path("use").asText()),
        json.path("algorithm").asText(),
        Optional.ofNullable(json.path("tenant").textValue()),
        json.path("sealed").asText(),
        Optional.ofNullable(json.path("public").textValue()),
        Instant.ofEpochMilli(json.path("created").asLong()),
        Instant.ofEpochMilli(json.path("active").asLong()),
        Instant.ofEpochMilli(json.path("expires").asLong()),
        revokedAt);
  }
}
