package io.sluice.redis;

import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.Pool;
import io.sluice.Subscription;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The order of the lanes as due times in a sorted set per pool. */
final class RedisLaneOrder implements LaneOrder {
  private static final Duration FIRST_COOLING = Duration.ofMillis(250);
  private static final Duration LONGEST_COOLING = Duration.ofSeconds(5);

  private final Connection redis;
  private final LaneWakes wakes;

  RedisLaneOrder(Connection redis) {
    this.redis = redis;
    this.wakes = new LaneWakes(redis);
  }

  @Override
  public Future<Void> offered(Lane lane, Share share) {
    Optional<Pool> pool = Lanes.pool(lane);
    if (pool.isEmpty()) {
      return Future.succeededFuture();
    }
    List<Object> arguments = new ArrayList<>(List.of(pool.get().toString(), lane.label()));
    arguments.addAll(Lanes.labels(pool.get()));
    return redis.call(Script.OFFERED, arguments.toArray()).mapEmpty();
  }

  @Override
  public Future<Optional<Turn>> next(Ask ask) {
    List<Object> arguments = new ArrayList<>();
    for (Pool pool : ask.pools()) {
      List<String> labels = Lanes.labels(pool);
      arguments.add(pool.toString());
      arguments.add(labels.size());
      arguments.addAll(labels);
    }
    return redis
        .call(Script.NEXT, arguments.toArray())
        .map(
            reply ->
                reply.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Turn(Lanes.parse(reply.text(0)), reply.number(1), 0)));
  }

  @Override
  public Future<Void> emptied(Turn turn) {
    Optional<Pool> pool = Lanes.pool(turn.lane());
    if (pool.isEmpty()) {
      return Future.succeededFuture();
    }
    return redis
        .call(
            Script.EMPTIED,
            pool.get().toString(),
            turn.lane().label(),
            turn.stamp(),
            FIRST_COOLING.toMillis(),
            LONGEST_COOLING.toMillis())
        .mapEmpty();
  }

  @Override
  public Future<Void> charge(Turn turn, Charge charge) {
    return Future.succeededFuture();
  }

  @Override
  public Subscription watch(Set<Pool> pools, Runnable wake) {
    return wakes.watch(pools, wake);
  }
}
