package io.sluice;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may use Sluice: the keys of the tenants. A change is seen by every gateway within a second.
 */
public interface Directory {
  /** The key with this id, revoked or not. */
  Future<Optional<ApiKey>> key(String id);

  /** Adds a key. Its id must be new. */
  Future<Void> add(ApiKey key);

  /** All keys, oldest first. */
  Future<List<ApiKey>> keys();

  /**
   * Revokes a key, at once and for good.
   *
   * @return whether there was such a key that was not revoked before
   */
  Future<Boolean> revoke(String id, Instant now);

  /** Notes when keys last worked, by key id; ids that are not known are ignored. */
  Future<Void> used(Map<String, ApiKey.LastUse> uses);
}
