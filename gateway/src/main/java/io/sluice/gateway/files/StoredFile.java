package io.sluice.gateway.files;

import java.time.Instant;
import java.util.Optional;

/**
 * A file that is whole, and never changes.
 *
 * @param sha256 of its bytes, lower-case hex
 */
public record StoredFile(
    FileId id, String tenant, Terms terms, long bytes, String sha256, Instant createdAt) {

  /**
   * What whoever makes a file says of it.
   *
   * @param filename as it was given: data, never a path
   * @param expiresAt from then on there is no such file; stays until it is deleted without
   */
  public record Terms(String filename, Purpose purpose, Optional<Instant> expiresAt) {}

  boolean isExpired(Instant now) {
    return terms.expiresAt().filter(at -> !now.isBefore(at)).isPresent();
  }
}
