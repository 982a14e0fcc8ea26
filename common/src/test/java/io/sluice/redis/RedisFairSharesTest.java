package io.sluice.redis;

import io.sluice.FairSharesContract;

class RedisFairSharesTest extends FairSharesContract {
  @Override
  protected Fixture fixture() {
    return new VirtualLanes();
  }
}
