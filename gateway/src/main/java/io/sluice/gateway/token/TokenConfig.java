package io.sluice.gateway.token;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How access tokens are made and taken.
 *
 * @param sealing seals the signing keys; without it no token is issued and no own token is taken
 * @param issuer our {@code iss}; the URL that clients see is best
 * @param audience what {@code aud} must name
 * @param life of an access token; defaults to 15 minutes, at most 2 hours
 * @param refreshLife of a family of refresh tokens; defaults to 30 days
 * @param refreshIdle how long a refresh token may lie unused; defaults to 7 days
 * @param rotation how long a signing key signs; defaults to a day
 * @param algorithm of new signing keys: RS256 or EdDSA
 * @param issuers whose tokens are taken besides our own
 */
public record TokenConfig(
    Optional<KeySealing> sealing,
    String issuer,
    String audience,
    Duration life,
    Duration refreshLife,
    Duration refreshIdle,
    Duration rotation,
    Algorithm algorithm,
    List<OutsideIssuer> issuers) {
  public static final TokenConfig DEFAULT =
      new TokenConfig(
          Optional.empty(),
          "sluice",
          "sluice",
          Duration.ofMinutes(15),
          Duration.ofDays(30),
          Duration.ofDays(7),
          Duration.ofDays(1),
          Algorithm.RS256,
          List.of());

  public TokenConfig {
    issuers = List.copyOf(issuers);
    if (issuer.isBlank() || audience.isBlank()) {
      throw new IllegalArgumentException("tokens need an issuer and an audience");
    }
    if (life.compareTo(Duration.ofSeconds(1)) < 0 || life.compareTo(Claims.LIFE_MAX) > 0) {
      throw new IllegalArgumentException("a token lives 1 second to 2 hours");
    }
    if (rotation.compareTo(Duration.ofMinutes(1)) < 0) {
      throw new IllegalArgumentException("signing keys rotate once a minute at most");
    }
    if (algorithm != Algorithm.RS256 && algorithm != Algorithm.EDDSA) {
      throw new IllegalArgumentException("tokens are signed with RS256 or EdDSA");
    }
  }

  public TokenConfig sealing(KeySealing other) {
    return new TokenConfig(
        Optional.of(other),
        issuer,
        audience,
        life,
        refreshLife,
        refreshIdle,
        rotation,
        algorithm,
        issuers);
  }

  public TokenConfig issuers(List<OutsideIssuer> other) {
    return new TokenConfig(
        sealing, issuer, audience, life, refreshLife, refreshIdle, rotation, algorithm, other);
  }
}
