package io.sluice.gateway;

import io.sluice.Tenant;
import io.sluice.Tenants;
import io.vertx.core.Future;
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

  @Override
  public Future<Void> put(Tenant tenant) {
    tenants.put(tenant.name(), tenant);
    return Future.succeededFuture();
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
