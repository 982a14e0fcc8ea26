package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.LaneOrder;
import io.sluice.LaneOrderContract;
import io.sluice.Pool;
import java.time.Duration;
import java.util.List;

class RedisLaneOrderTest extends LaneOrderContract {
  /** Lanes that cool are due so much earlier. */
  private static final String EARLIER =
      """
      local due = 'sluice:lanes:due:' .. ARGV[1]
      for _, label in ipairs(redis.call('ZRANGE', due, 0, -1)) do
        redis.call('ZINCRBY', due, -ARGV[2], label)
      end
      return 1""";

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
        pools.forEach(pool -> redis.lua(EARLIER, pool.toString(), time.toMillis()));
      }

      @Override
      public void close() {
        redis.close();
      }
    };
  }
}
