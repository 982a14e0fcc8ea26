package io.sluice.embedded;

import io.sluice.IdentityFixture;
import io.sluice.TenantsContract;

class SqliteTenantsTest extends TenantsContract {
  @Override
  protected IdentityFixture open() {
    return new EmbeddedIdentity();
  }
}
