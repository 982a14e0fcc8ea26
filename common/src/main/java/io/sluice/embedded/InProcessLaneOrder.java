package io.sluice.embedded;

import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.Pool;
import io.sluice.Subscription;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * The order of lanes in memory: a hint, made anew by whoever looks into the lanes after a start.
 */
final class InProcessLaneOrder implements LaneOrder {
  private final InstantSource clock;
  private final Watchers<Pool> watchers = new Watchers<>();
  private final FairLanes lanes = new FairLanes(); // guarded by this

  InProcessLaneOrder(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Future<Void> offered(Lane lane, Share share) {
    synchronized (this) {
      lanes.offered(lane, share, clock.millis());
    }
    pool(lane).ifPresent(watchers::wake);
    return Future.succeededFuture();
  }

  private static Optional<Pool> pool(Lane lane) {
    return switch (lane) {
      case Lane.Ready ready -> Optional.of(ready.pool());
      case Lane.Retry retry -> Optional.of(retry.pool());
      case Lane.Warm warm -> Optional.empty();
      case Lane.Delay delay -> Optional.empty();
      case Lane.Aside aside -> Optional.empty();
    };
  }

  @Override
  public synchronized Future<Optional<Turn>> next(Ask ask) {
    return Future.succeededFuture(lanes.next(ask, clock.millis()));
  }

  @Override
  public synchronized Future<Void> emptied(Turn turn) {
    lanes.emptied(turn, clock.millis());
    return Future.succeededFuture();
  }

  @Override
  public synchronized Future<Void> charge(Turn turn, Charge charge) {
    lanes.charge(turn, charge, clock.millis());
    return Future.succeededFuture();
  }

  @Override
  public Subscription watch(Set<Pool> pools, Runnable wake) {
    return watchers.watch(pools, wake);
  }
}
