package io.sluice.gateway.token;

import static io.sluice.gateway.token.InvalidToken.require;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.gateway.auth.Denied.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the claims of a token strictly: what is missing or of the wrong type is refused. */
record Claims(JsonNode json) {
  /** How far the clocks of two machines may differ. */
  static final Duration LEEWAY = Duration.ofSeconds(30);

  /** No token lives longer, whoever made it. */
  static final Duration LIFE_MAX = Duration.ofHours(2);

  private static final Pattern NAME = Pattern.compile("[\\x21-\\x7E]{1,256}");
  private static final Pattern SCOPES = Pattern.compile("[\\x21-\\x7E]+( [\\x21-\\x7E]+)*|");
  private static final long SECONDS_MAX = 253_402_300_799L;

  /** A text of 1 to 256 visible ASCII characters. */
  String name(String claim) {
    return optionalName(claim).orElseThrow(() -> new InvalidToken(Cause.CLAIMS));
  }

  Optional<String> optionalName(String claim) {
    JsonNode value = json.path(claim);
    require(
        value.isMissingNode() || value.isTextual() && NAME.matcher(value.textValue()).matches(),
        Cause.CLAIMS);
    return Optional.ofNullable(value.textValue());
  }

  /** When it ends; refuses what has ended, has not begun, or lives too long. */
  Instant expiry(Instant now) {
    Instant expires = time("exp");
    Instant issued = time("iat");
    require(now.isBefore(expires.plus(LEEWAY)), Cause.EXPIRED);
    require(!issued.isAfter(now.plus(LEEWAY)), Cause.NOT_YET);
    require(!json.has("nbf") || !time("nbf").isAfter(now.plus(LEEWAY)), Cause.NOT_YET);
    Duration life = Duration.between(issued, expires);
    require(life.isPositive() && life.compareTo(LIFE_MAX) <= 0, Cause.LIFETIME);
    return expires;
  }

  private Instant time(String claim) {
    JsonNode value = json.path(claim);
    require(value.isIntegralNumber() && value.canConvertToLong(), Cause.CLAIMS);
    require(value.longValue() >= 0 && value.longValue() <= SECONDS_MAX, Cause.CLAIMS);
    return Instant.ofEpochSecond(value.longValue());
  }

  void issuer(String expected) {
    require(json.path("iss").isTextual(), Cause.CLAIMS);
    require(json.path("iss").textValue().equals(expected), Cause.ISSUER);
  }

  /** One audience or a list of them; it must name this one. */
  void audience(String expected) {
    JsonNode audience = json.path("aud");
    boolean named = audience.isTextual() && audience.textValue().equals(expected);
    if (audience.isArray()) {
      for (JsonNode one : audience) {
        require(one.isTextual(), Cause.CLAIMS);
        named |= one.textValue().equals(expected);
      }
    }
    require(named, Cause.AUDIENCE);
  }

  /** A list of texts, or one text with spaces between. */
  Set<String> scopes() {
    JsonNode scope = json.path("scope");
    Set<String> scopes = new LinkedHashSet<>();
    if (scope.isArray()) {
      for (JsonNode one : scope) {
        require(one.isTextual() && NAME.matcher(one.textValue()).matches(), Cause.CLAIMS);
        scopes.add(one.textValue());
      }
      return scopes;
    }
    require(scope.isTextual() && SCOPES.matcher(scope.textValue()).matches(), Cause.CLAIMS);
    scopes.addAll(List.of(scope.textValue().split(" ")));
    scopes.remove("");
    return scopes;
  }
}
