package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.LimitsContract;
import io.sluice.StoreFixture;
import java.time.Duration;

class RedisLimitsTest extends LimitsContract {
  private RedisFixture redis;

  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    redis = RedisFixture.open(bounds);
    return redis;
  }

  /** Its clock cannot be moved, so what was charged is made older. */
  @Override
  protected void pass(Duration time) {
    redis.lua(
        """
        local by = math.ceil(ARGV[1] / 500)
        for _, key in ipairs(redis.call('KEYS', 'sluice:window:*')) do
          local all = redis.call('HGETALL', key)
          redis.call('DEL', key)
          for i = 1, #all, 2 do
            local field, value = all[i], all[i + 1]
            if field == 'first' then value = string.format('%.0f', value - by) end
            if tonumber(field) then field = string.format('%.0f', field - by) end
            redis.call('HSET', key, field, value)
          end
        end
        return 1""",
        time.toMillis());
  }
}
