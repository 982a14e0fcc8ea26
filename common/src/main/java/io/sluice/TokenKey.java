package io.sluice;

import java.time.Instant;
import java.util.Optional;

/**
 * A key that access tokens are signed or checked with. The secret part is sealed: who reads or
 * writes the store can neither sign a token nor plant a key (the gateway seals it under a master
 * secret).
 *
 * @param kid its name in the head of tokens: 1 to 64 letters, digits, dots, dashes, underscores
 * @param algorithm the one algorithm that it may be used with: RS256, EdDSA or HS256
 * @param tenant for {@link Use#TENANT}: whose tokens it checks
 * @param sealed the secret part as sealed text
 * @param publicJwk for {@link Use#SIGNING}: the public part, as JSON
 * @param activeFrom tokens are signed with the newest key that is active
 * @param expiresAt no token of this key is taken from then on
 */
public record TokenKey(
    String kid,
    Use use,
    String algorithm,
    Optional<String> tenant,
    String sealed,
    Optional<String> publicJwk,
    Instant createdAt,
    Instant activeFrom,
    Instant expiresAt,
    Optional<Instant> revokedAt) {

  /** The same key, revoked. */
  public TokenKey revoked(Instant at) {
    return new TokenKey(
        kid,
        use,
        algorithm,
        tenant,
        sealed,
        publicJwk,
        createdAt,
        activeFrom,
        expiresAt,
        Optional.of(at));
  }

  /** Who signs with it. */
  public enum Use {
    /** Sluice itself. */
    SIGNING,
    /** A tenant that mints its own tokens. */
    TENANT
  }

  @Override
  public String toString() {
    return "TokenKey[" + kid + ", " + use + ", " + algorithm + ", ***]";
  }
}
