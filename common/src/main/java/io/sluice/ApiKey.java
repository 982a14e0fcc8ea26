package io.sluice;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A key as the directory keeps it: never the secret, only its hash.
 *
 * @param id the public part, by which it is found
 * @param secretHash SHA-256 of the secret part, lower-case hex; the secret has 256 random bits, so
 *     a fast hash is enough (OWASP ASVS 6.5.2)
 */
public record ApiKey(
    String id,
    String tenant,
    String secretHash,
    Set<String> scopes,
    Instant createdAt,
    Optional<Instant> revokedAt) {

  /** Every scope there is; the first key of an installation has them all. */
  public static final Set<String> ALL_SCOPES =
      Set.of("ollama:chat", "ollama:generate", "ollama:embed", "batch", "admin");

  public ApiKey {
    scopes = Set.copyOf(scopes);
  }
}
