package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Tenants} keeps. */
public abstract class TenantsContract {
  private static final Tenant ACME =
      new Tenant(
          "acme",
          new Limits(
              Map.of(Limit.TENANT_REQUESTS_PER_MINUTE, 600L, Limit.TENANT_TOKENS_PER_DAY, 5L),
              Set.of(Limit.TENANT_TOKENS_PER_DAY)),
          20);

  private IdentityFixture it;

  protected abstract IdentityFixture open();

  @BeforeEach
  void openStores() {
    it = open();
  }

  @AfterEach
  void closeStores() {
    it.close();
  }

  @Test
  void a_tenant_is_found_as_it_was_put() {
    await(it.tenants().put(ACME));
    assertThat(await(it.tenants().find("acme"))).contains(ACME);
    assertThat(await(it.tenants().find("other"))).isEmpty();
  }

  @Test
  void the_last_put_counts() {
    await(it.tenants().put(ACME));
    Tenant freed = new Tenant("acme", Limits.NONE);
    await(it.tenants().put(freed));
    assertThat(await(it.tenants().find("acme"))).contains(freed);
  }

  @Test
  void all_are_listed_by_name() {
    Tenant bolt = new Tenant("bolt", Limits.NONE);
    await(it.tenants().put(bolt));
    await(it.tenants().put(ACME));
    assertThat(await(it.tenants().all())).containsExactly(ACME, bolt);
  }

  @Test
  void a_removed_tenant_is_gone_once() {
    await(it.tenants().put(ACME));
    assertThat(await(it.tenants().remove("acme"))).isTrue();
    assertThat(await(it.tenants().remove("acme"))).isFalse();
    assertThat(await(it.tenants().find("acme"))).isEmpty();
    assertThat(await(it.tenants().all())).isEmpty();
    await(it.tenants().put(ACME));
    assertThat(await(it.tenants().find("acme"))).contains(ACME);
  }
}
