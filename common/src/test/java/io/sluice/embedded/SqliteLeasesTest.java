package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.LeasesContract;
import io.sluice.StoreFixture;

class SqliteLeasesTest extends LeasesContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return new EmbeddedStore(bounds);
  }
}
