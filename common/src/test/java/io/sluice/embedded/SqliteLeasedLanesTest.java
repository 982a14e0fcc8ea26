package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.LeasedLanesContract;
import io.sluice.StoreFixture;

class SqliteLeasedLanesTest extends LeasedLanesContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return new EmbeddedStore(bounds);
  }
}
