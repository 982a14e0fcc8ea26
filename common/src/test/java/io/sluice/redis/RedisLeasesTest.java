package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.LeasesContract;
import io.sluice.StoreFixture;

class RedisLeasesTest extends LeasesContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return RedisFixture.open(bounds);
  }
}
