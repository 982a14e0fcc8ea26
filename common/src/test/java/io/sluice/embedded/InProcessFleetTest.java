package io.sluice.embedded;

import io.sluice.Fleet;
import io.sluice.FleetContract;
import java.time.Duration;
import java.time.Instant;

class InProcessFleetTest extends FleetContract {
  @Override
  protected Fixture open() {
    MovableClock clock = new MovableClock();
    Fleet fleet = new InProcessFleet(clock);
    return new Fixture() {
      @Override
      public Fleet fleet() {
        return fleet;
      }

      @Override
      public Instant now() {
        return clock.instant();
      }

      @Override
      public void pass(Duration time) {
        clock.move(time);
      }

      @Override
      public void close() {}
    };
  }
}
