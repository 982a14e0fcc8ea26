package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.JobEventsContract;
import io.sluice.StoreFixture;

class RedisJobEventsTest extends JobEventsContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return RedisFixture.open(bounds);
  }
}
