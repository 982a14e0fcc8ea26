package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.RecoveryContract;
import io.sluice.StoreFixture;

class RedisRecoveryTest extends RecoveryContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return RedisFixture.open(bounds);
  }
}
