package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.RecoveryContract;
import io.sluice.StoreFixture;

class NoRecoveryTest extends RecoveryContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return new EmbeddedStore(bounds);
  }
}
