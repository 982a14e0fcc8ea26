package io.sluice.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Grant;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A grant as JSON. */
public final class GrantCodec {
  private GrantCodec() {}

  public static String write(Grant grant) {
    ObjectNode json =
        Json.object()
            .put("id", grant.id())
            .put("tenant", grant.tenant())
            .put("key", grant.keyId())
            .put("session", grant.session().orElse(null))
            .put("created", grant.createdAt().toEpochMilli())
            .put("expires", grant.expiresAt().toEpochMilli())
            .put("idle", grant.idle().toMillis());
    ArrayNode scopes = json.putArray("scopes");
    grant.scopes().stream().sorted().forEach(scopes::add);
    return Json.write(json);
  }

  public static Grant read(String text) {
    JsonNode json = Json.parse(text);
    Set<String> scopes = new HashSet<>();
    json.path("scopes").forEach(scope -> scopes.add(scope.asText()));
    return new Grant(
        json.path("id").asText(),
        json.path("tenant").asText(),
        json.path("key").asText(),
        scopes,
        Optional.ofNullable(json.path("session").textValue()),
        Instant.ofEpochMilli(json.path("created").asLong()),
        Instant.ofEpochMilli(json.path("expires").asLong()),
        Duration.ofMillis(json.path("idle").asLong()));
  }
}
