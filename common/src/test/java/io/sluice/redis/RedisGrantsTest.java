package io.sluice.redis;

import io.sluice.GrantsContract;
import io.sluice.IdentityFixture;

class RedisGrantsTest extends GrantsContract {
  @Override
  protected IdentityFixture open() {
    return new RedisIdentity();
  }
}
