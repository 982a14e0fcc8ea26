package io.sluice.gateway.token;

import java.util.Optional;

/** The algorithms that keys are bound to; there is no other, and never {@code none}. */
public enum Algorithm {
  RS256("RS256"),
  EDDSA("EdDSA"),
  ES256("ES256"),
  HS256("HS256");

  private final String wireName;

  Algorithm(String wireName) {
    this.wireName = wireName;
  }

  /** As a token's head spells it (RFC 7518 section 3.1, RFC 8037). */
  public String wireName() {
    return wireName;
  }

  /** Case counts. */
  public static Optional<Algorithm> of(String wireName) {
    for (Algorithm algorithm : values()) {
      if (algorithm.wireName.equals(wireName)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }
}
