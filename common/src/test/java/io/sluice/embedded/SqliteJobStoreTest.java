package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.JobStoreContract;
import io.sluice.StoreFixture;

class SqliteJobStoreTest extends JobStoreContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return new EmbeddedStore(bounds);
  }
}
