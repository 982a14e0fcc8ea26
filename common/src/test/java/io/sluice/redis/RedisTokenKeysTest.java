package io.sluice.redis;

import io.sluice.IdentityFixture;
import io.sluice.TokenKeysContract;

class RedisTokenKeysTest extends TokenKeysContract {
  @Override
  protected IdentityFixture open() {
    return new RedisIdentity();
  }
}
