package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.JobStoreContract;
import io.sluice.StoreFixture;

class RedisJobStoreTest extends JobStoreContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return RedisFixture.open(bounds);
  }
}
