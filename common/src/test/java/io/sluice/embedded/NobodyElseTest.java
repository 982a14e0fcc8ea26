package io.sluice.embedded;

import io.sluice.WarmContract;
import io.sluice.WarmLanes;
import io.sluice.WarmSessions;

class NobodyElseTest extends WarmContract {
  @Override
  protected Fixture open() {
    NobodyElse nobody = new NobodyElse();
    return new Fixture() {
      @Override
      public WarmSessions sessions() {
        return nobody;
      }

      @Override
      public WarmLanes lanes() {
        return nobody;
      }

      @Override
      public void close() {}
    };
  }
}
