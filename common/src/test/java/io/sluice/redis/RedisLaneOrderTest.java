package io.sluice.redis;

import io.sluice.LaneOrderContract;
import io.sluice.Pool;
import java.util.List;

class RedisLaneOrderTest extends LaneOrderContract {
  @Override
  protected Fixture open(List<Pool> pools) {
    return new VirtualLanes();
  }
}
