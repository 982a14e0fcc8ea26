package io.sluice.redis;

import io.sluice.Lane;
import io.sluice.Subscription;
import io.sluice.WarmLanes;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/** Workers and lanes as keys that end by themselves, and one channel; see warm_served.lua. */
final class RedisWarmLanes implements WarmLanes {
  private final Scripts redis;
  private final Channels channels;
  private final Map<Watch, String> watches = new ConcurrentHashMap<>();

  RedisWarmLanes(Scripts redis, Connection listening) {
    this.redis = redis;
    this.channels =
        new Channels(
            listening,
            List.of("sluice:warm"),
            this::wake,
            () -> watches.keySet().forEach(Watch::run));
  }

  @Override
  public Future<Presence> present(String worker, Optional<Duration> expectedWait) {
    String wait = expectedWait.map(known -> String.valueOf(known.toMillis())).orElse("");
    return redis
        .call(Script.WARM_PRESENT, worker, wait, SIGN.toMillis(), Lane.Warm.NUMBERS)
        .map(reply -> reply.isEmpty() ? Presence.NONE : presence(reply));
  }

  private static Presence presence(Reply reply) {
    return new Presence(OptionalInt.of(Integer.parseInt(reply.text(0))), reply.number(1) == 1);
  }

  @Override
  public Future<Void> leave(String worker) {
    return redis.call(Script.WARM_LEAVE, worker).mapEmpty();
  }

  @Override
  public Future<Boolean> reserve(int lane, Duration within) {
    return redis
        .call(Script.WARM_RESERVE, lane, within.toMillis())
        .map(reply -> reply.number(0) == 1);
  }

  @Override
  public Future<Void> handed(String worker) {
    return redis.call(Script.WARM_HANDED, worker).mapEmpty();
  }

  @Override
  public Subscription watch(String worker, Runnable wake) {
    Watch[] self = new Watch[1];
    self[0] = new Watch(wake, () -> watches.remove(self[0]));
    watches.put(self[0], worker);
    channels.join();
    return self[0];
  }

  private void wake(String worker) {
    watches.forEach(
        (watch, watched) -> {
          if (watched.equals(worker)) {
            watch.run();
          }
        });
  }
}
