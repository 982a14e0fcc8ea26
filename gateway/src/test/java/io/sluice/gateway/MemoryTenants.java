package io.sluice.gateway;

import io.sluice.Tenant;
import io.sluice.Tenants;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Tenants in memory. */
final class MemoryTenants implements Tenants {
  private final Map<String, Tenant> tenants = new ConcurrentSkipListMap<>();

  @Override
  public Future<Optional<Tenant>> find(String name) {
    return Future.succeededFuture(Optional.ofNullable(tenants.get(name)));
  }

  /** Does what is asked and does not say so. */
  volatile boolean hangs;

  @Override
  public Future<Void> put(Tenant tenant) {
    tenants.put(tenant.name(), tenant);
    return hangs ? Promise.<Void>promise().future() : Future.succeededFuture();
  }

  @Override
  public Future<List<Tenant>> all() {
    return Future.succeededFuture(List.copyOf(tenants.values()));
  }

  @Override
  public Future<Boolean> remove(String name) {
    return Future.succeededFuture(tenants.remove(name) != null);
  }
}
