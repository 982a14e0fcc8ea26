package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.LimitsContract;
import io.sluice.StoreFixture;

class RedisLimitsTest extends LimitsContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return RedisFixture.open(bounds);
  }
}
