package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.FairSharesContract;
import io.sluice.LaneOrder;
import io.sluice.tls.ClientTls;
import java.time.Duration;
import java.time.Instant;

/** The order of lanes on a real Redis, in a time that the test moves. */
final class VirtualLanes implements FairSharesContract.Fixture {
  private Instant now = Instant.parse("2026-11-25T08:00:00Z");
  final RedisFixture redis = RedisFixture.open(Admission.Bounds.DEFAULT);
  private final Connection connection =
      Connection.open(RedisAddress.parse(redis.server().uri()), ClientTls.DEFAULT);
  private final LaneOrder order =
      new RedisLaneOrder(redis.at(() -> now), new LaneWakes(connection));

  @Override
  public LaneOrder order() {
    return order;
  }

  @Override
  public void letPass(Duration time) {
    now = now.plus(time);
  }

  long millis() {
    return now.toEpochMilli();
  }

  @Override
  public void runs(String tenant, String id) {
    redis.lua("return redis.call('SADD', 'sluice:running:' .. ARGV[1], ARGV[2])", tenant, id);
  }

  @Override
  public void ended(String tenant, String id) {
    redis.lua("return redis.call('SREM', 'sluice:running:' .. ARGV[1], ARGV[2])", tenant, id);
  }

  @Override
  public void close() {
    connection.close();
    redis.close();
  }
}
