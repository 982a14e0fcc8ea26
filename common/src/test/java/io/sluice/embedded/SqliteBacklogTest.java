package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.BacklogContract;
import io.sluice.StoreFixture;

class SqliteBacklogTest extends BacklogContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return new EmbeddedStore(bounds);
  }
}
