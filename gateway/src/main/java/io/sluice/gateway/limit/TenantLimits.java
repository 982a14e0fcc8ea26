package io.sluice.gateway.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.sluice.Limits;
import io.sluice.Tenant;
import io.sluice.Tenants;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * The limits of a tenant: its own, and the standard where those say nothing. They are remembered
 * for half a second, so that a change is seen within the second.
 */
public final class TenantLimits {
  private static final Duration REMEMBERED = Duration.ofMillis(500);
  private static final long REMEMBERED_TENANTS_MAX = 10_000;

  private final Tenants tenants;
  private final Limits standard;
  private final Cache<String, Limits> known;

  public TenantLimits(Tenants tenants, Limits standard, Ticker ticker) {
    this.tenants = tenants;
    this.standard = standard;
    this.known =
        Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumSize(REMEMBERED_TENANTS_MAX)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  /** Fails as {@link Tenants#find} does: without limits nothing is admitted. */
  public Future<Limits> of(String tenant) {
    return Optional.ofNullable(known.getIfPresent(tenant))
        .map(Future::succeededFuture)
        .orElseGet(() -> find(tenant));
  }

  private Future<Limits> find(String tenant) {
    return tenants
        .find(tenant)
        .map(found -> found.map(Tenant::limits).orElse(Limits.NONE).or(standard))
        .onSuccess(limits -> known.put(tenant, limits));
  }
}
