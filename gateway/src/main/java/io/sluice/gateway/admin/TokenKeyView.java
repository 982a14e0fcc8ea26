package io.sluice.gateway.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.TokenKey;
import io.sluice.codec.Json;
import io.sluice.gateway.token.KeyState;
import java.time.Instant;
import java.util.Locale;

/** A key of tokens as administrators see it, over HTTP and by command: never its secret part. */
public final class TokenKeyView {
  private TokenKeyView() {}

  public static ObjectNode of(TokenKey key, KeyState state) {
    return Json.object()
        .put("kid", key.kid())
        .put("object", "token_key")
        .put("use", key.use().name().toLowerCase(Locale.ROOT))
        .put("algorithm", key.algorithm())
        .put("tenant", key.tenant().orElse(null))
        .put("state", state.wireName())
        .put("created_at", key.createdAt().toString())
        .put("active_from", key.activeFrom().toString())
        .put("expires_at", key.expiresAt().toString())
        .put("revoked_at", key.revokedAt().map(Instant::toString).orElse(null));
  }
}
