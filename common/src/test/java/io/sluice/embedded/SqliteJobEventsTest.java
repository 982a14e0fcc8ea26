package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.JobEventsContract;
import io.sluice.StoreFixture;

class SqliteJobEventsTest extends JobEventsContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return new EmbeddedStore(bounds);
  }
}
