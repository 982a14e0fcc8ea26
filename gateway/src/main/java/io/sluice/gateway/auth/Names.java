package io.sluice.gateway.auth;

import java.util.Optional;

/** Tells whom a credential names, before anybody checks it. */
public interface Names {
  /** A principal as of {@link Caller}, where that is cheap to tell: no store, no cryptography. */
  Optional<String> principal(String credential);
}
