package io.sluice.gateway.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Grant;
import io.sluice.codec.Json;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

/** Makes access tokens (RFC 9068) of grants. Slow: not for an event loop. */
final class AccessTokens {
  static final String TYPE = "at+jwt";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final KeyRing ring;
  private final TokenConfig config;
  private final InstantSource clock;

  AccessTokens(KeyRing ring, TokenConfig config, InstantSource clock) {
    this.ring = ring;
    this.config = config;
    this.clock = clock;
  }

  /**
   * A new token, signed with the newest active key.
   *
   * @param scopes not more than the grant's
   */
  Issued issue(Grant grant, Set<String> scopes) {
    Instant now = clock.instant();
    SigningKey key =
        ring.keys()
            .signing(now)
            .orElseThrow(() -> new io.sluice.Unavailable("store", "there is no signing key"));
    Instant end = earliest(now.plus(config.life()), grant.expiresAt(), key.record().expiresAt());
    String header =
        Json.write(
            Json.object()
                .put("alg", key.algorithm().wireName())
                .put("typ", TYPE)
                .put("kid", key.record().kid()));
    String head = encode(header) + "." + encode(Json.write(claims(grant, scopes, now, end)));
    byte[] signature =
        Signatures.sign(key.algorithm(), key.secret(), head.getBytes(StandardCharsets.US_ASCII));
    return new Issued(head + "." + BASE64.encodeToString(signature), Duration.between(now, end));
  }

  private ObjectNode claims(Grant grant, Set<String> scopes, Instant now, Instant end) {
    byte[] id = new byte[16];
    RANDOM.nextBytes(id);
    return Json.object()
        .put("iss", config.issuer())
        .put("sub", grant.keyId())
        .put("aud", config.audience())
        .put("exp", end.getEpochSecond())
        .put("iat", now.getEpochSecond())
        .put("jti", HexFormat.of().formatHex(id))
        .put("sid", grant.id())
        .put("client_id", grant.keyId())
        .put("scope", String.join(" ", new TreeSet<>(scopes)))
        .put("tenant", grant.tenant());
  }

  private static Instant earliest(Instant first, Instant... others) {
    Instant earliest = first;
    for (Instant other : others) {
      earliest = other.isBefore(earliest) ? other : earliest;
    }
    return earliest;
  }

  private static String encode(String json) {
    return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  /** A token and how long it lives. */
  record Issued(String text, Duration life) {
    @Override
    public String toString() {
      return "Issued[***]";
    }
  }
}
