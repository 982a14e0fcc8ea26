package io.sluice.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.cli.settings.Secret;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Logins as JSON. */
final class LoginCodec {
  private LoginCodec() {}

  static String write(List<Login> all) {
    ObjectNode json = Json.object();
    ArrayNode logins = json.putArray("logins");
    for (Login login : all) {
      logins
          .addObject()
          .put("server", login.server().toString())
          .put("access_token", login.access().value())
          .put("refresh_token", login.refresh().value())
          .put("obtained_at", login.obtainedAt().toString())
          .put("expires_at", login.expiresAt().toString());
    }
    return Json.write(json);
  }

  /** Fails with {@link CodecException} where it is anything else than what was written. */
  static List<Login> read(String text) {
    List<Login> all = new ArrayList<>();
    try {
      JsonNode logins = Json.parse(text).path("logins");
      if (!logins.isArray()) {
        throw new CodecException("no logins");
      }
      logins.forEach(one -> all.add(read(one)));
      return all;
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new CodecException("no logins", e);
    }
  }

  private static Login read(JsonNode json) {
    return new Login(
        URI.create(json.path("server").asText()),
        new Secret(json.path("access_token").asText()),
        new Secret(json.path("refresh_token").asText()),
        Instant.parse(json.path("obtained_at").asText()),
        Instant.parse(json.path("expires_at").asText()));
  }
}
