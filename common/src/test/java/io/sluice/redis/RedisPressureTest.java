package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.PressureContract;
import io.sluice.StoreFixture;

class RedisPressureTest extends PressureContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return RedisFixture.open(bounds);
  }
}
