package io.sluice;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * What is known of tenants beyond their keys. A tenant without a record has the standard limits. A
 * change is seen by every gateway within a second.
 */
public interface Tenants {
  Future<Optional<Tenant>> find(String name);

  /** Adds the tenant, or replaces what was known of it. */
  Future<Void> put(Tenant tenant);

  /** All that have a record, by name. */
  Future<List<Tenant>> all();

  /**
   * Forgets what was set; keys and jobs stay.
   *
   * @return whether there was a record
   */
  Future<Boolean> remove(String name);
}
