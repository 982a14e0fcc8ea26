package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.AnswerCacheContract;
import io.sluice.StoreFixture;

class RedisAnswerCacheTest extends AnswerCacheContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return RedisFixture.open(bounds);
  }
}
