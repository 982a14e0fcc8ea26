package io.sluice.embedded;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Jobs;
import io.sluice.LaneOrder;
import io.sluice.LaneOrderContract;
import io.sluice.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

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

  @Test
  void an_empty_retry_lane_cools_twice_as_long_each_time_up_to_five_seconds() {
    MovableClock clock = new MovableClock();
    LaneOrder order = new InProcessLaneOrder(clock);
    for (long millis : new long[] {250, 500, 1000, 2000, 4000, 5000, 5000}) {
      for (int lanes = 0; lanes < 2; lanes++) {
        await(order.emptied(next(order).orElseThrow()));
      }
      clock.move(Duration.ofMillis(millis - 1));
      assertThat(next(order)).isEmpty();
      clock.move(Duration.ofMillis(1));
    }
    assertThat(next(order)).isPresent();
  }

  private static Optional<LaneOrder.Turn> next(LaneOrder order) {
    return await(order.next(LaneOrder.Ask.any(Set.of(Jobs.POOL))));
  }
}
