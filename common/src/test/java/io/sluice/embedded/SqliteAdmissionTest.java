package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.AdmissionContract;
import io.sluice.StoreFixture;

class SqliteAdmissionTest extends AdmissionContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return new EmbeddedStore(bounds);
  }
}
