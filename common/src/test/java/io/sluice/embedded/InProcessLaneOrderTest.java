package io.sluice.embedded;

import io.sluice.LaneOrder;
import io.sluice.LaneOrderContract;
import io.sluice.Pool;
import java.time.Duration;
import java.util.List;

class InProcessLaneOrderTest extends LaneOrderContract {
  @Override
  protected Fixture open(List<Pool> pools) {
    return new Fixture() {
      private final MovableClock clock = new MovableClock();
      private final LaneOrder order = new InProcessLaneOrder(clock);

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
