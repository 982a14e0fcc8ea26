package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.PressureContract;
import io.sluice.StoreFixture;

class SqlitePressureTest extends PressureContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return new EmbeddedStore(bounds);
  }
}
