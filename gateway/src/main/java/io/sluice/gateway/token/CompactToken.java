package io.sluice.gateway.token;

import static io.sluice.gateway.token.InvalidToken.require;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import io.sluice.gateway.auth.Denied.Cause;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A signed token that is well formed, and nothing more: nobody has checked its signature. Stricter
 * than RFC 7515 allows, so that one token has one text (RFC 8725).
 *
 * @param signed what the signature is over
 */
record CompactToken(
    String algorithm,
    String kid,
    Optional<String> type,
    JsonNode claims,
    byte[] signed,
    byte[] signature) {
  static final int CHARS_MAX = 4_096;
  private static final int DEPTH_MAX = 8;
  private static final Pattern FORM =
      Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
  private static final Pattern KID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** What would let the token itself say how it is to be checked. */
  private static final List<String> BANNED =
      List.of("crit", "jku", "jwk", "x5u", "x5c", "x5t", "b64", "zip", "enc");

  /** Reads it, or throws {@link InvalidToken}; no cryptography happens here. */
  static CompactToken parse(String text) {
    require(text.length() <= CHARS_MAX && FORM.matcher(text).matches(), Cause.FORM);
    int second = text.lastIndexOf('.');
    int first = text.indexOf('.');
    JsonNode header = json(text.substring(0, first));
    BANNED.forEach(name -> require(!header.has(name), Cause.HEADER));
    require(header.path("alg").isTextual(), Cause.ALGORITHM);
    String kid = header.path("kid").asText("");
    require(header.path("kid").isTextual() && KID.matcher(kid).matches(), Cause.KID);
    require(!header.has("typ") || header.path("typ").isTextual(), Cause.TYPE);
    return new CompactToken(
        header.path("alg").textValue(),
        kid,
        Optional.ofNullable(header.path("typ").textValue()),
        json(text.substring(first + 1, second)),
        text.substring(0, second).getBytes(StandardCharsets.US_ASCII),
        bytes(text.substring(second + 1)));
  }

  private static JsonNode json(String part) {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(part))).toString();
      JsonNode json = Json.parse(text);
      require(json.isObject() && depth(json) <= DEPTH_MAX, Cause.FORM);
      return json;
    } catch (CharacterCodingException | CodecException e) {
      throw new InvalidToken(Cause.FORM);
    }
  }

  /** Takes canonical text only: otherwise several texts would be one token. */
  private static byte[] bytes(String part) {
    try {
      byte[] decoded = Base64.getUrlDecoder().decode(part);
      String again = Base64.getUrlEncoder().withoutPadding().encodeToString(decoded);
      require(again.equals(part), Cause.FORM);
      return decoded;
    } catch (IllegalArgumentException e) {
      throw new InvalidToken(Cause.FORM);
    }
  }

  private static int depth(JsonNode node) {
    int deepest = 0;
    for (JsonNode child : node) {
      deepest = Math.max(deepest, depth(child));
    }
    return node.isContainerNode() ? deepest + 1 : 0;
  }
}
