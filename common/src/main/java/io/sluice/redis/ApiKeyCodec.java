package io.sluice.redis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.ApiKey;
import io.sluice.codec.Json;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A key as JSON; its revocation is kept apart, since that alone changes. */
final class ApiKeyCodec {
  private ApiKeyCodec() {}

  static String write(ApiKey key) {
    ObjectNode json =
        Json.object()
            .put("id", key.id())
            .put("tenant", key.tenant())
            .put("hash", key.secretHash())
            .put("created", key.createdAt().toEpochMilli());
    ArrayNode scopes = json.putArray("scopes");
    key.scopes().stream().sorted().forEach(scopes::add);
    return Json.write(json);
  }

  static ApiKey read(String text, Optional<Instant> revokedAt) {
    JsonNode json = Json.parse(text);
    Set<String> scopes = new HashSet<>();
    json.path("scopes").forEach(scope -> scopes.add(scope.asText()));
    ApiKey key =
        ApiKey.of(
            json.path("id").asText(),
            json.path("tenant").asText(),
            json.path("hash").asText(),
            scopes,
            Instant.ofEpochMilli(json.path("created").asLong()));
    return revokedAt.map(key::revoked).orElse(key);
  }
}
