package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.JobHistoryContract;
import io.sluice.StoreFixture;

class SqliteJobHistoryTest extends JobHistoryContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return new EmbeddedStore(bounds);
  }
}
