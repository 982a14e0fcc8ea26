package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.LimitsContract;
import io.sluice.StoreFixture;
import java.time.Duration;

class SqliteLimitsTest extends LimitsContract {
  private EmbeddedStore store;

  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    store = new EmbeddedStore(bounds);
    return store;
  }

  @Override
  protected void pass(Duration time) {
    store.letPass(store.now().plus(time));
  }
}
