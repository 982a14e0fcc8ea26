package io.sluice.embedded;

import io.sluice.GrantsContract;
import io.sluice.IdentityFixture;

class SqliteGrantsTest extends GrantsContract {
  @Override
  protected IdentityFixture open() {
    return new EmbeddedIdentity();
  }
}
