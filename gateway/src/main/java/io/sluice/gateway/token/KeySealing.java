package io.sluice.gateway.token;

import java.util.Optional;

/** Seals key material, so that who reads or writes the store can neither sign nor plant a key. */
public interface KeySealing {
  /** Seals a secret for the key of this name. */
  String seal(String kid, byte[] secret);

  /** Empty if it was sealed with another master secret, for another key, or was changed. */
  Optional<byte[]> open(String kid, String sealed);
}
