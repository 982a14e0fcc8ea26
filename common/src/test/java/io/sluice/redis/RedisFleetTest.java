package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.Fleet;
import io.sluice.FleetContract;
import java.time.Duration;
import java.time.Instant;

class RedisFleetTest extends FleetContract {
  @Override
  protected Fixture open() {
    RedisFixture redis = RedisFixture.open(Admission.Bounds.DEFAULT);
    return new Fixture() {
      @Override
      public Fleet fleet() {
        return redis.redis.fleet();
      }

      @Override
      public Instant now() {
        return redis.now();
      }

      @Override
      public void pass(Duration time) {
        redis.letPass(redis.now().plus(time));
      }

      @Override
      public void close() {
        redis.close();
      }
    };
  }
}
