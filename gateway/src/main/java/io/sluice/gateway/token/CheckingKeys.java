package io.sluice.gateway.token;

import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.auth.Denied.Cause;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Finds the key that a token is to be checked with: of the ring, or of one outside issuer. */
final class CheckingKeys {
  private final Optional<KeyRing> ring;
  private final List<OutsideKeys> outside;
  private final InstantSource clock;

  CheckingKeys(Optional<KeyRing> ring, List<OutsideKeys> outside, InstantSource clock) {
    this.ring = ring;
    this.outside = List.copyOf(outside);
    this.clock = clock;
  }

  /**
   * The key of a token; fails with {@link InvalidToken}. The issuer, which nobody has checked yet,
   * only chooses among sets of keys; no key serves two issuers.
   */
  Future<VerificationKey> find(CompactToken token) {
    String issuer = token.claims().path("iss").asText("");
    Future<Optional<VerificationKey>> found =
        outside.stream()
            .filter(keys -> keys.isOf(issuer))
            .findFirst()
            .map(keys -> keys.find(token.kid()))
            .orElseGet(() -> inRing(token.kid()));
    return found.compose(
        key ->
            key.map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(new InvalidToken(Cause.KID))));
  }

  /** Whether the key that a credential was checked with is still good. */
  boolean holds(Caller.Credential credential, Instant now) {
    return switch (credential) {
      case Caller.Credential.AccessToken token -> knows(token.kid(), now);
      case Caller.Credential.ForeignToken(String issuer, String kid) ->
          outside.stream()
              .filter(keys -> keys.isOf(issuer))
              .findFirst()
              .map(keys -> keys.has(kid))
              .orElseGet(() -> knows(kid, now));
      case Caller.Credential.Key key -> false;
    };
  }

  private boolean knows(String kid, Instant now) {
    return ring.flatMap(it -> it.keys().checking(kid, now)).isPresent();
  }

  /**
   * Another gateway may have made a key this second: an unknown one is looked up, not too often.
   */
  private Future<Optional<VerificationKey>> inRing(String kid) {
    if (ring.isEmpty()) {
      return Future.failedFuture(new InvalidToken(Cause.NOT_CONFIGURED));
    }
    KeyRing keys = ring.get();
    Optional<VerificationKey> known = keys.keys().checking(kid, clock.instant());
    if (known.isPresent()) {
      return Future.succeededFuture(known);
    }
    return keys.refresh().map(read -> keys.keys().checking(kid, clock.instant()));
  }
}
