package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.AdmissionContract;
import io.sluice.StoreFixture;

class RedisAdmissionTest extends AdmissionContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return RedisFixture.open(bounds);
  }
}
