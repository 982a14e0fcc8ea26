package io.sluice.redis;

import io.sluice.Backlog;
import io.sluice.Lines;
import io.sluice.Pool;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The counters as a few hashes for each pool. */
final class RedisBacklog implements Backlog {
  private final Scripts redis;
  private final Duration waitTarget;

  /**
   * @param waitTarget see {@link io.sluice.Admission.Bounds}
   */
  RedisBacklog(Scripts redis, Duration waitTarget) {
    this.redis = redis;
    this.waitTarget = waitTarget;
  }

  @Override
  public Future<Lines> look(Pool pool) {
    return pressure(pool)
        .map(
            pressure ->
                new Lines(pool, Instant.now(), pressure, false, Optional.empty(), Map.of()));
  }

  @Override
  public Future<Double> pressure(Pool pool) {
    return waitTarget.isZero()
        ? Future.succeededFuture(0.0)
        : redis
            .call(Script.PRESSURE, pool.toString(), waitTarget.toMillis())
            .map(reply -> Double.parseDouble(reply.text(0)));
  }
}
