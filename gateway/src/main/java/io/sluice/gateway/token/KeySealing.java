package io.sluice.gateway.token;

import java.util.Optional;

/** Seals key material, so that who reads or writes the store can neither sign nor plant a key. */
public interface KeySealing {
  /** Seals a secret for what it belongs to. */
  String seal(String binding, byte[] secret);

  /** Empty if it was sealed with another master secret, for something else, or was changed. */
  Optional<byte[]> open(String binding, String sealed);
}
