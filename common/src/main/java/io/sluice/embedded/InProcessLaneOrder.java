package io.sluice.embedded;

import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.Pool;
import io.sluice.Subscription;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The order of lanes in memory: it is a hint, and every lane is due after a start. */
final class InProcessLaneOrder implements LaneOrder {
  private static final Duration FIRST_COOLING = Duration.ofMillis(250);
  private static final Duration LONGEST_COOLING = Duration.ofSeconds(5);

  private final InstantSource clock;
  private final Watchers<Pool> watchers = new Watchers<>();

  // Guarded by this.
  private final Map<Lane, Place> places = new HashMap<>();
  private long steps;

  InProcessLaneOrder(InstantSource clock) {
    this.clock = clock;
  }

  /** Where a lane stands; the marks are steps of the one counter. */
  private static final class Place {
    private final Lane lane;
    private long servedAt;
    private long offeredAt;
    private long coolsUntil;
    private long cooling;

    private Place(Lane lane) {
      this.lane = lane;
    }

    private boolean isReady() {
      return lane instanceof Lane.Ready;
    }

    private long servedAt() {
      return servedAt;
    }
  }

  @Override
  public Future<Void> offered(Lane lane, Share share) {
    synchronized (this) {
      Place place = places.computeIfAbsent(lane, Place::new);
      place.offeredAt = ++steps;
      place.coolsUntil = 0;
      place.cooling = 0;
    }
    pool(lane).ifPresent(watchers::wake);
    return Future.succeededFuture();
  }

  private static Optional<Pool> pool(Lane lane) {
    return switch (lane) {
      case Lane.Ready ready -> Optional.of(ready.pool());
      case Lane.Retry retry -> Optional.of(retry.pool());
      case Lane.Delay delay -> Optional.empty();
      case Lane.Aside aside -> Optional.empty();
    };
  }

  @Override
  public synchronized Future<Optional<Turn>> next(Ask ask) {
    long now = clock.millis();
    ask.pools().stream()
        .flatMap(pool -> Lane.of(pool).stream())
        .filter(lane -> !(lane instanceof Lane.Ready ready) || ready.number() == 0)
        .forEach(lane -> places.computeIfAbsent(lane, Place::new));
    Optional<Place> next =
        places.values().stream()
            .filter(place -> pool(place.lane).filter(ask.pools()::contains).isPresent())
            .filter(place -> place.coolsUntil <= now)
            .min(Comparator.comparing(Place::isReady).thenComparing(Place::servedAt));
    next.ifPresent(place -> place.servedAt = ++steps);
    return Future.succeededFuture(next.map(place -> new Turn(place.lane, place.servedAt, 0)));
  }

  @Override
  public synchronized Future<Void> emptied(Turn turn) {
    Place place = places.get(turn.lane());
    if (place != null && place.offeredAt < turn.stamp()) {
      place.cooling =
          place.cooling == 0
              ? FIRST_COOLING.toMillis()
              : Math.min(place.cooling * 2, LONGEST_COOLING.toMillis());
      place.coolsUntil = clock.millis() + place.cooling;
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> charge(Turn turn, Charge charge) {
    return Future.succeededFuture();
  }

  @Override
  public Subscription watch(Set<Pool> pools, Runnable wake) {
    return watchers.watch(pools, wake);
  }
}
