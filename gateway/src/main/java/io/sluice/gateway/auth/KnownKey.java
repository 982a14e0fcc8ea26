package io.sluice.gateway.auth;

import io.sluice.ApiKey;
import io.sluice.auth.ApiKeys;
import io.sluice.gateway.auth.Denied.Cause;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** A key as the directory has it, or nobody's: an unknown id costs the same work as a known one. */
public record KnownKey(ApiKey key, KeyRanges ranges) {
  private static final KnownKey NOBODY =
      new KnownKey(ApiKeys.generate("nobody", Set.of(), Instant.EPOCH).key(), KeyRanges.ANYWHERE);

  public static KnownKey of(Optional<ApiKey> found) {
    return found.map(key -> new KnownKey(key, KeyRanges.of(key))).orElse(NOBODY);
  }

  /** Whether there is such a key, neither revoked nor expired. */
  public boolean holds(Instant now) {
    return this != NOBODY && key.isValid(now);
  }

  /** Why a presented key does not work; empty if it does. */
  public Optional<Cause> fault(ApiKeys.Presented presented, String address, Instant now) {
    boolean same = ApiKeys.matches(presented, key);
    if (this == NOBODY) {
      return Optional.of(Cause.UNKNOWN);
    }
    return same ? fault(address, now) : Optional.of(Cause.SECRET);
  }

  /** Why something made from the key does not work; empty if it does. */
  public Optional<Cause> fault(String address, Instant now) {
    if (this == NOBODY) {
      return Optional.of(Cause.UNKNOWN);
    }
    if (!key.isValid(now)) {
      return Optional.of(key.revokedAt().isPresent() ? Cause.REVOKED : Cause.EXPIRED);
    }
    return ranges.contain(address) ? Optional.empty() : Optional.of(Cause.RANGE);
  }
}
