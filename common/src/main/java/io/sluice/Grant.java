package io.sluice;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a client was given when it proved who it is: one family of refresh tokens, and the access
 * tokens made from it. It ends when it is revoked, at {@code expiresAt}, or when it was not used
 * for {@code idle}.
 *
 * @param id the {@code sid} of its access tokens
 * @param keyId the API key that the client showed; the grant is worth nothing without it
 * @param scopes never more than the key's
 */
public record Grant(
    String id,
    String tenant,
    String keyId,
    Set<String> scopes,
    Optional<String> session,
    Instant createdAt,
    Instant expiresAt,
    Duration idle) {

  public Grant {
    scopes = Set.copyOf(scopes);
  }
}
