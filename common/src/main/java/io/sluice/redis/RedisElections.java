package io.sluice.redis;

import io.sluice.Elections;
import io.vertx.core.Future;
import java.time.Duration;

/** Offices as keys that name their holder and end by themselves. */
final class RedisElections implements Elections {
  private final Scripts redis;

  RedisElections(Scripts redis) {
    this.redis = redis;
  }

  @Override
  public Future<Boolean> stand(String office, String candidate, Duration term) {
    return redis
        .call(Script.STAND, office, candidate, term.toMillis())
        .map(reply -> reply.number(0) == 1);
  }

  @Override
  public Future<Void> resign(String office, String candidate) {
    return redis.call(Script.RESIGN, office, candidate).mapEmpty();
  }
}
