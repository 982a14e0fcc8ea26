package io.sluice.gateway.token;

import com.nimbusds.jose.jwk.JWKSet;
import io.sluice.TokenKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys at one moment: which signs, and which are taken. Never changed. */
record KeySet(List<TokenKey> records, Map<String, VerificationKey> checking, List<SigningKey> own) {
  static final KeySet EMPTY = new KeySet(List.of(), Map.of(), List.of());

  KeySet {
    records = List.copyOf(records);
    checking = Map.copyOf(checking);
    own = List.copyOf(own);
  }

  /**
   * What the store holds, opened; keys that were opened before are taken over. A key that cannot be
   * opened is left out and its fault added.
   */
  static KeySet of(List<TokenKey> records, KeySet before, KeySealing sealing, List<String> faults) {
    Map<String, VerificationKey> checking = new HashMap<>();
    List<SigningKey> own = new ArrayList<>();
    for (TokenKey record : records) {
      try {
        if (record.revokedAt().isEmpty() && record.use() == TokenKey.Use.SIGNING) {
          SigningKey signing =
              before.opened(record).orElseGet(() -> SigningKey.open(record, sealing));
          own.add(signing);
          checking.put(record.kid(), before.known(record).orElseGet(() -> ofOwn(signing)));
        } else if (record.revokedAt().isEmpty()) {
          checking.put(
              record.kid(), before.known(record).orElseGet(() -> ofTenant(record, sealing)));
        }
      } catch (IllegalArgumentException e) {
        faults.add(e.getMessage());
      }
    }
    return new KeySet(records, checking, own);
  }

  /** The newest active key. */
  Optional<SigningKey> signing(Instant now) {
    return own.reversed().stream()
        .filter(key -> !key.record().activeFrom().isAfter(now))
        .filter(key -> now.isBefore(key.record().expiresAt()))
        .findFirst();
  }

  Optional<VerificationKey> checking(String kid, Instant now) {
    return Optional.ofNullable(checking.get(kid)).filter(key -> now.isBefore(key.expiresAt()));
  }

  /** How many keys tokens are taken of. */
  long valid(Instant now) {
    return checking.values().stream().filter(key -> now.isBefore(key.expiresAt())).count();
  }

  /** The newest signing key, revoked or not. */
  Optional<TokenKey> newest() {
    return records.reversed().stream().filter(key -> key.use() == TokenKey.Use.SIGNING).findFirst();
  }

  /** The public keys as RFC 7517 has them; never a secret that is shared. */
  String jwks(Instant now) {
    return new JWKSet(
            own.stream()
                .filter(key -> now.isBefore(key.record().expiresAt()))
                .map(SigningKey::jwk)
                .toList())
        .toString(true);
  }

  private Optional<SigningKey> opened(TokenKey record) {
    return own.stream().filter(key -> key.record().equals(record)).findFirst();
  }

  private Optional<VerificationKey> known(TokenKey record) {
    return records.contains(record)
        ? Optional.ofNullable(checking.get(record.kid()))
        : Optional.empty();
  }

  private static VerificationKey ofOwn(SigningKey key) {
    return new VerificationKey(
        key.record().kid(),
        key.algorithm(),
        key.check(),
        new VerificationKey.Rules.Own(),
        key.record().expiresAt());
  }

  private static VerificationKey ofTenant(TokenKey key, KeySealing sealing) {
    String tenant =
        key.tenant()
            .filter(it -> key.algorithm().equals(Algorithm.HS256.wireName()))
            .orElseThrow(
                () -> new IllegalArgumentException(key.kid() + " is no tenant's HS256 key"));
    return new VerificationKey(
        key.kid(),
        Algorithm.HS256,
        Signatures.hs256(SigningKey.unseal(key, sealing)),
        new VerificationKey.Rules.OfTenant(tenant),
        key.expiresAt());
  }
}
