package io.sluice.embedded;

import io.sluice.FairSharesContract;
import io.sluice.LaneOrder;
import java.time.Duration;

class InProcessFairSharesTest extends FairSharesContract {
  @Override
  protected Fixture fixture() {
    MovableClock clock = new MovableClock();
    LaneOrder order = new InProcessLaneOrder(clock);
    return new Fixture() {
      @Override
      public LaneOrder order() {
        return order;
      }

      @Override
      public void letPass(Duration time) {
        clock.move(time);
      }

      @Override
      public void close() {}
    };
  }
}
