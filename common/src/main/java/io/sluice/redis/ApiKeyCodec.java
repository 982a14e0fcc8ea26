package io.sluice.redis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.ApiKey;
import io.sluice.codec.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A key as JSON; its revocation and last use are kept apart, since those alone change. */
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
    key.expiresAt().ifPresent(at -> json.put("expires", at.toEpochMilli()));
    key.ranges().ifPresent(ranges -> ranges.forEach(json.putArray("ranges")::add));
    return Json.write(json);
  }

  /**
   * @param lastUse as {@code MS ADDRESS}
   */
  static ApiKey read(String text, Optional<Instant> revokedAt, Optional<String> lastUse) {
    JsonNode json = Json.parse(text);
    return new ApiKey(
        json.path("id").asText(),
        json.path("tenant").asText(),
        json.path("hash").asText(),
        Set.copyOf(texts(json.path("scopes"))),
        json.has("ranges") ? Optional.of(texts(json.path("ranges"))) : Optional.empty(),
        Instant.ofEpochMilli(json.path("created").asLong()),
        json.has("expires")
            ? Optional.of(Instant.ofEpochMilli(json.path("expires").asLong()))
            : Optional.empty(),
        revokedAt,
        lastUse.map(ApiKeyCodec::lastUse));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static ApiKey.LastUse lastUse(String text) {
    String[] parts = text.split(" ", 2);
    return new ApiKey.LastUse(Instant.ofEpochMilli(Long.parseLong(parts[0])), parts[1]);
  }
}
