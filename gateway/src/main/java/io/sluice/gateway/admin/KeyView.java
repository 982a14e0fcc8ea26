package io.sluice.gateway.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.ApiKey;
import io.sluice.codec.Json;
import java.time.Instant;
import java.util.TreeSet;

/**
 * An API key as administrators see it, over HTTP and in commands: neither its secret nor the hash
 * of that.
 */
public final class KeyView {
  private KeyView() {}

  public static ObjectNode of(ApiKey key, Instant now) {
    ObjectNode json =
        Json.object().put("id", key.id()).put("object", "key").put("tenant", key.tenant());
    new TreeSet<>(key.scopes()).forEach(json.putArray("scopes")::add);
    json.set("ranges", Json.MAPPER.valueToTree(key.ranges().orElse(null)));
    return json.put("state", state(key, now))
        .put("created_at", key.createdAt().toString())
        .put("expires_at", key.expiresAt().map(Instant::toString).orElse(null))
        .put("revoked_at", key.revokedAt().map(Instant::toString).orElse(null))
        .put("last_used_at", key.lastUse().map(use -> use.at().toString()).orElse(null))
        .put("last_used_from", key.lastUse().map(ApiKey.LastUse::address).orElse(null));
  }

  /** Whether it works: {@code valid}, {@code expired} or {@code revoked}. */
  public static String state(ApiKey key, Instant now) {
    return key.revokedAt().isPresent() ? "revoked" : key.isValid(now) ? "valid" : "expired";
  }
}
