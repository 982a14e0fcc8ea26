package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.StoreFixture;
import io.sluice.WebhooksContract;

class SqliteWebhooksTest extends WebhooksContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return new EmbeddedStore(bounds);
  }
}
