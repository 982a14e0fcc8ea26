package io.sluice.embedded;

import io.sluice.IdentityFixture;
import io.sluice.TokenKeysContract;

class SqliteTokenKeysTest extends TokenKeysContract {
  @Override
  protected IdentityFixture open() {
    return new EmbeddedIdentity();
  }
}
