package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.StoreFixture;
import io.sluice.WebhooksContract;

class RedisWebhooksTest extends WebhooksContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return RedisFixture.open(bounds);
  }
}
