package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.AnswerCacheContract;
import io.sluice.StoreFixture;

class SqliteAnswerCacheTest extends AnswerCacheContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return new EmbeddedStore(bounds);
  }
}
