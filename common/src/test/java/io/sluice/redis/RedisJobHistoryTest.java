package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.JobHistoryContract;
import io.sluice.StoreFixture;

class RedisJobHistoryTest extends JobHistoryContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return RedisFixture.open(bounds);
  }
}
