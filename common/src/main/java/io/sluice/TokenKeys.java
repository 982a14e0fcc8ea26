package io.sluice;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The keys of access tokens, the same for every gateway. A change is seen within a second. */
public interface TokenKeys {
  /** All keys, oldest first; those that expired may be left out. */
  Future<List<TokenKey>> keys();

  /**
   * Adds a signing key if the newest signing key is still this one, so that many gateways that see
   * the same need make one key between them. Forgets keys that have expired.
   *
   * @return whether it was added, now or by the same call before
   */
  Future<Boolean> succeed(Optional<String> newest, TokenKey next);

  /** Adds a tenant's key. Its kid must be new. */
  Future<Void> add(TokenKey key);

  /**
   * Revokes a key, at once and for good: its tokens are refused.
   *
   * @return whether there was such a key that was not revoked before
   */
  Future<Boolean> revoke(String kid, Instant now);
}
