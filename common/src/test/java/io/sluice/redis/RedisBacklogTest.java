package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.BacklogContract;
import io.sluice.StoreFixture;

class RedisBacklogTest extends BacklogContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return RedisFixture.open(bounds);
  }
}
