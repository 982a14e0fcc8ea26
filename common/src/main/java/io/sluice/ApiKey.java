package io.sluice;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A key as the directory keeps it: never the secret, only its hash.
 *
 * @param id the public part, by which it is found
 * @param secretHash SHA-256 of the secret part, lower-case hex; the secret has 256 random bits, so
 *     a fast hash is enough (OWASP ASVS 6.5.2)
 * @param ranges the addresses that it works from, as {@code 10.0.0.0/8} or {@code 2001:db8::/32};
 *     from anywhere if there is no list, from nowhere if it is empty
 * @param expiresAt from then on it does not work
 * @param lastUse when and from where it last worked, to about a minute
 */
public record ApiKey(
    String id,
    String tenant,
    String secretHash,
    Set<String> scopes,
    Optional<List<String>> ranges,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> revokedAt,
    Optional<LastUse> lastUse) {

  /** Every scope there is; the first key of an installation has them all. */
  public static final Set<String> ALL_SCOPES =
      Set.of("ollama:chat", "ollama:generate", "ollama:embed", "batch", "admin");

  public ApiKey {
    scopes = Set.copyOf(scopes);
    ranges = ranges.map(List::copyOf);
  }

  /** A key that works from anywhere until it is revoked. */
  public static ApiKey of(
      String id, String tenant, String secretHash, Set<String> scopes, Instant createdAt) {
    return new ApiKey(
        id,
        tenant,
        secretHash,
        scopes,
        Optional.empty(),
        createdAt,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same key, working only from these addresses. */
  public ApiKey from(List<String> addresses) {
    return new ApiKey(
        id,
        tenant,
        secretHash,
        scopes,
        Optional.of(addresses),
        createdAt,
        expiresAt,
        revokedAt,
        lastUse);
  }

  /** The same key, working only before this instant. */
  public ApiKey until(Instant end) {
    return new ApiKey(
        id, tenant, secretHash, scopes, ranges, createdAt, Optional.of(end), revokedAt, lastUse);
  }

  /** The same key, revoked. */
  public ApiKey revoked(Instant at) {
    return new ApiKey(
        id, tenant, secretHash, scopes, ranges, createdAt, expiresAt, Optional.of(at), lastUse);
  }

  /** The same key with what is known of its use. */
  public ApiKey used(LastUse use) {
    return new ApiKey(
        id, tenant, secretHash, scopes, ranges, createdAt, expiresAt, revokedAt, Optional.of(use));
  }

  /** Whether it is neither revoked nor expired. */
  public boolean isValid(Instant now) {
    return revokedAt.isEmpty() && expiresAt.map(now::isBefore).orElse(true);
  }

  /** When and from which address. */
  public record LastUse(Instant at, String address) {}
}
