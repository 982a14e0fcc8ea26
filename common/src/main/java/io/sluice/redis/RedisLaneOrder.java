package io.sluice.redis;

import io.sluice.JobClass;
import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.Pool;
import io.sluice.Subscription;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The order of lanes as scripts on sorted sets of a pool and class; see lanes.lua. */
final class RedisLaneOrder implements LaneOrder {
  private static final Duration FIRST_COOLING = Duration.ofMillis(250);
  private static final Duration LONGEST_COOLING = Duration.ofSeconds(5);

  private final Scripts redis;
  private final LaneWakes wakes;

  RedisLaneOrder(Scripts redis, LaneWakes wakes) {
    this.redis = redis;
    this.wakes = wakes;
  }

  @Override
  public Future<Void> offered(Lane lane, Share share) {
    return call(
        Script.OFFERED,
        lane,
        share.tenant(),
        share.weight(),
        share.runningMax().isPresent() ? share.runningMax().getAsInt() : "",
        lane instanceof Lane.Ready ready && ready.isShared() ? 1 : 0);
  }

  @Override
  public Future<Optional<Turn>> next(Ask ask) {
    if (ask.pools().isEmpty() || ask.classes().isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    List<Object> arguments = new ArrayList<>();
    for (JobClass jobClass : List.of(JobClass.INTERACTIVE, JobClass.BATCH)) {
      arguments.add(ask.classes().contains(jobClass) ? 1 : 0);
    }
    arguments.add(ask.keptFree() ? 1 : 0);
    ask.pools().forEach(pool -> arguments.add(pool.toString()));
    return redis
        .call(Script.NEXT, arguments.toArray())
        .map(reply -> reply.isEmpty() ? Optional.empty() : Optional.of(turn(reply)));
  }

  private static Turn turn(Reply reply) {
    Pool pool = Pool.parse(reply.text(0));
    JobClass jobClass = JobClass.valueOf(reply.text(1).toUpperCase(Locale.ROOT));
    Lane lane =
        reply.text(2).equals(Lanes.RETRY)
            ? new Lane.Retry(pool, jobClass)
            : new Lane.Ready(pool, jobClass, Integer.parseInt(reply.text(2)));
    return new Turn(lane, reply.number(3), reply.number(4));
  }

  @Override
  public Future<Void> emptied(Turn turn) {
    return call(
        Script.EMPTIED,
        turn.lane(),
        turn.stamp(),
        turn.charged(),
        FIRST_COOLING.toMillis(),
        LONGEST_COOLING.toMillis());
  }

  @Override
  public Future<Void> charge(Turn turn, Charge charge) {
    String kind = charge instanceof Charge.Pulled ? "pulled" : "ended";
    long used = charge instanceof Charge.Ended ended ? ended.used() : 0;
    return call(
        Script.CHARGE,
        turn.lane(),
        turn.stamp(),
        turn.charged(),
        kind,
        charge.tenant(),
        charge.estimate(),
        used);
  }

  @Override
  public Subscription watch(Set<Pool> pools, Runnable wake) {
    return wakes.watch(pools, wake);
  }

  /** A script on one lane; nothing for lanes that nobody pulls from. */
  private Future<Void> call(Script script, Lane lane, Object... more) {
    List<Object> arguments = new ArrayList<>(Lanes.place(lane));
    if (arguments.isEmpty()) {
      return Future.succeededFuture();
    }
    arguments.addAll(List.of(more));
    return redis.call(script, arguments.toArray()).mapEmpty();
  }
}
