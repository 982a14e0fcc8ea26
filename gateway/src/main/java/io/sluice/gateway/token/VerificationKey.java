package io.sluice.gateway.token;

import java.time.Instant;

/**
 * A key that tokens are checked with, bound to one algorithm and one issuer.
 *
 * @param expiresAt no token of it is taken from then on
 */
record VerificationKey(
    String kid, Algorithm algorithm, Signatures.Check check, Rules rules, Instant expiresAt) {

  /** What a token must say besides its signature: by who issued it. */
  sealed interface Rules {
    /** Sluice itself. */
    record Own() implements Rules {}

    /** A tenant with a secret of its own. */
    record OfTenant(String tenant) implements Rules {}

    /** Somebody else, by a published key set. */
    record Outside(OutsideIssuer issuer) implements Rules {}
  }
}
