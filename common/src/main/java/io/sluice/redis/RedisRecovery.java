package io.sluice.redis;

import io.sluice.JobMessage;
import io.sluice.Recovery;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** Recovery as a key that only a Redis with its data has. */
final class RedisRecovery implements Recovery {
  private static final Duration WALK_HELD = Duration.ofSeconds(10);

  private final Scripts redis;

  RedisRecovery(Scripts redis) {
    this.redis = redis;
  }

  @Override
  public Future<Optional<Epoch>> begin(String walker) {
    return redis
        .call(Script.BEGIN, walker, WALK_HELD.toMillis())
        .map(reply -> reply.isEmpty() ? Optional.empty() : reply.instant(0).map(Epoch::new));
  }

  @Override
  public Future<Void> restore(JobMessage message) {
    return redis
        .call(
            Script.RESTORE,
            Records.arguments(message.job(), message.job().id().value(), message.attempt()))
        .mapEmpty();
  }

  @Override
  public Future<Void> complete(Epoch epoch) {
    return redis.call(Script.COMPLETE, epoch.since().toEpochMilli()).mapEmpty();
  }
}
