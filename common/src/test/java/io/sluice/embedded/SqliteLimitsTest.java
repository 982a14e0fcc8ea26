package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.LimitsContract;
import io.sluice.StoreFixture;

class SqliteLimitsTest extends LimitsContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return new EmbeddedStore(bounds);
  }
}
