package io.sluice.redis;

import io.sluice.IdentityFixture;
import io.sluice.TenantsContract;

class RedisTenantsTest extends TenantsContract {
  @Override
  protected IdentityFixture open() {
    return new RedisIdentity();
  }
}
