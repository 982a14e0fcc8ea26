package io.sluice.redis;

import static org.awaitility.Awaitility.await;

import io.sluice.Admission;
import io.sluice.LaneOrder;
import io.sluice.LaneOrderContract;
import io.sluice.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

class RedisLaneOrderTest extends LaneOrderContract {
  @Override
  protected Fixture open(List<Pool> pools) {
    RedisFixture redis = RedisFixture.open(Admission.Bounds.DEFAULT);
    return new Fixture() {
      @Override
      public LaneOrder order() {
        return redis.redis.laneOrder();
      }

      @Override
      public void letPass(Duration time) {
        Instant end = redis.now().plus(time);
        await().atMost(Duration.ofSeconds(15)).until(() -> redis.now().isAfter(end));
      }

      @Override
      public void close() {
        redis.close();
      }
    };
  }
}
