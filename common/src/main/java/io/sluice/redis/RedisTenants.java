package io.sluice.redis;

import io.sluice.Tenant;
import io.sluice.Tenants;
import io.sluice.codec.TenantCodec;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Tenants as a hash. A tenant that this process has seen and that Redis does not know any more, not
 * even as removed, was lost: it is put back, so that a wipe lifts nobody's limits.
 */
final class RedisTenants implements Tenants {
  private static final int REMEMBERED_MAX = 10_000;
  private static final String REMOVED = "";

  private final Scripts redis;
  private final Map<String, String> remembered = new ConcurrentHashMap<>();

  RedisTenants(Scripts redis) {
    this.redis = redis;
  }

  @Override
  public Future<Optional<Tenant>> find(String name) {
    return redis.call(Script.TENANT, name).compose(reply -> seen(name, reply.optional(0)));
  }

  private Future<Optional<Tenant>> seen(String name, Optional<String> found) {
    if (found.isPresent()) {
      remember(name, found.get());
      return Future.succeededFuture(found.flatMap(RedisTenants::tenant));
    }
    Optional<String> lost = Optional.ofNullable(remembered.get(name));
    return lost.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : redis
            .call(Script.PUT_TENANT, name, lost.get(), 1)
            .map(put -> lost.flatMap(RedisTenants::tenant));
  }

  private void remember(String name, String json) {
    if (remembered.size() < REMEMBERED_MAX || remembered.containsKey(name)) {
      remembered.put(name, json);
    }
  }

  private static Optional<Tenant> tenant(String json) {
    return json.equals(REMOVED) ? Optional.empty() : Optional.of(TenantCodec.read(json));
  }

  @Override
  public Future<Void> put(Tenant tenant) {
    String json = TenantCodec.write(tenant);
    return redis
        .call(Script.PUT_TENANT, tenant.name(), json, 0)
        .onSuccess(put -> remember(tenant.name(), json))
        .mapEmpty();
  }

  @Override
  public Future<List<Tenant>> all() {
    return redis
        .call(Script.TENANTS)
        .map(
            reply ->
                IntStream.range(0, reply.size())
                    .mapToObj(reply::text)
                    .flatMap(json -> tenant(json).stream())
                    .sorted(Comparator.comparing(Tenant::name))
                    .toList());
  }

  @Override
  public Future<Boolean> remove(String name) {
    return redis
        .call(Script.REMOVE_TENANT, name)
        .onSuccess(removed -> remember(name, REMOVED))
        .map(reply -> reply.number(0) == 1);
  }
}
