package io.sluice.embedded;

import io.sluice.Elections;
import io.sluice.ElectionsContract;

class UnopposedTest extends ElectionsContract {
  @Override
  protected Fixture open() {
    return new Fixture() {
      @Override
      public Elections elections() {
        return new Unopposed();
      }

      @Override
      public void close() {}
    };
  }
}
