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
 * What is set for tenants, with the standard limits where their own say nothing. It is remembered
 * for half a second, so that a change is seen within the second.
 */
public final class TenantTerms {
  private static final Duration REMEMBERED = Duration.ofMillis(500);
  private static final long REMEMBERED_TENANTS_MAX = 10_000;

  private final Tenants tenants;
  private final Limits standard;
  private final Cache<String, Tenant> known;

  public TenantTerms(Tenants tenants, Limits standard, Ticker ticker) {
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
  public Future<Tenant> of(String tenant) {
    return Optional.ofNullable(known.getIfPresent(tenant))
        .map(Future::succeededFuture)
        .orElseGet(() -> find(tenant));
  }

  private Future<Tenant> find(String tenant) {
    return tenants
        .find(tenant)
        .map(found -> withStandard(found.orElseGet(() -> new Tenant(tenant, Limits.NONE))))
        .onSuccess(terms -> known.put(tenant, terms));
  }

  private Tenant withStandard(Tenant tenant) {
    return new Tenant(
        tenant.name(), tenant.limits().or(standard), tenant.weight(), tenant.webhook());
  }
}
