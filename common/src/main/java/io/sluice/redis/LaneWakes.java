package io.sluice.redis;

import io.sluice.Pool;
import io.sluice.Subscription;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Who waits for offers in which pools in this process; one channel carries the pools' names. */
final class LaneWakes {
  private final Channels channels;
  private final Map<Watch, Set<String>> watches = new ConcurrentHashMap<>();

  LaneWakes(Connection redis) {
    this.channels =
        new Channels(
            redis, List.of("sluice:lanes"), this::wake, () -> watches.keySet().forEach(Watch::run));
  }

  Subscription watch(Set<Pool> pools, Runnable wake) {
    Watch[] self = new Watch[1];
    self[0] = new Watch(wake, () -> watches.remove(self[0]));
    watches.put(self[0], pools.stream().map(Pool::toString).collect(Collectors.toSet()));
    channels.join();
    return self[0];
  }

  private void wake(String pool) {
    watches.forEach(
        (watch, pools) -> {
          if (pools.contains(pool)) {
            watch.run();
          }
        });
  }
}
