package io.sluice.tls;

import java.nio.file.Path;

/**
 * Where an {@link Identity} is kept.
 *
 * @param certificate PEM: its own certificate first, then its issuers
 * @param key PEM: PKCS#8, or PKCS#1
 */
public record IdentityFiles(Path certificate, Path key) {
  /**
   * What is in them now.
   *
   * @throws IllegalArgumentException with one sentence that says which file is wrong, and how
   */
  public Identity read() {
    return Identity.read(certificate, key);
  }
}
