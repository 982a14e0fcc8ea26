package io.sluice.embedded;

import io.sluice.JobClass;
import io.sluice.Lane;
import io.sluice.LaneOrder.Ask;
import io.sluice.LaneOrder.Charge;
import io.sluice.LaneOrder.Share;
import io.sluice.LaneOrder.Turn;
import io.sluice.Pool;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The rules of {@link io.sluice.LaneOrder} as a state that time is given to, in ms: fair shares
 * between the ready lanes of a class by virtual token counters (arXiv 2401.00588), and between the
 * classes of a pool. The scripts of Redis follow the same rules, word for word. Not thread-safe.
 */
public final class FairLanes {
  /** A lane that waited so long for a turn goes before all others. */
  public static final Duration AGEING = Duration.ofMinutes(1);

  /**
   * At most one in so many turns of the ready lanes of a pool goes by age, so that weights go on to
   * count.
   */
  public static final int AGED_EVERY = 4;

  /** A turn that nobody reports is forgotten after so long. */
  private static final Duration GIVEN = Duration.ofSeconds(30);

  private final Map<Pool, Map<JobClass, FairLine>> lines = new HashMap<>();
  private final Map<Pool, Long> served = new HashMap<>();

  /** Turns of the ready lanes of a pool since the last that went by age. */
  private final Map<Pool, Integer> sinceAged = new HashMap<>();

  /** Turns given to tenants with a bound, by when they are forgotten. */
  private final Map<String, Map<Long, Long>> given = new HashMap<>();

  private final Map<String, Integer> running = new HashMap<>();
  private long stamp;

  public void offered(Lane lane, Share share, long now) {
    switch (lane) {
      case Lane.Ready ready -> {
        FairLine line = line(ready.pool(), ready.jobClass());
        line.offered(ready, share, now, line(ready.pool(), other(ready.jobClass())));
        line.ready(ready.number()).offered(++stamp);
      }
      case Lane.Retry retry -> line(retry.pool(), retry.jobClass()).retry.offered(++stamp);
      case Lane.Warm warm -> {}
      case Lane.Delay delay -> {}
      case Lane.Aside aside -> {}
    }
  }

  private FairLine line(Pool pool, JobClass jobClass) {
    return lines
        .computeIfAbsent(pool, first -> new EnumMap<>(JobClass.class))
        .computeIfAbsent(jobClass, FairLine::new);
  }

  private static JobClass other(JobClass jobClass) {
    return jobClass == JobClass.INTERACTIVE ? JobClass.BATCH : JobClass.INTERACTIVE;
  }

  public Optional<Turn> next(Ask ask, long now) {
    List<JobClass> classes =
        Stream.of(JobClass.INTERACTIVE, JobClass.BATCH).filter(ask.classes()::contains).toList();
    return ask.pools().stream()
        .sorted(
            Comparator.comparingLong((Pool pool) -> served.getOrDefault(pool, 0L))
                .thenComparing(Pool::toString))
        .flatMap(pool -> first(pool, classes, ask.keptFree(), now).stream())
        .findFirst()
        .map(lane -> turn(lane, now));
  }

  private Optional<Lane> first(Pool pool, List<JobClass> classes, boolean keptFree, long now) {
    Predicate<FairLane> mayGo = lane -> lane.dueAt <= now && !isCapped(lane, now);
    boolean withBatch =
        !keptFree || line(pool, JobClass.INTERACTIVE).leastServed(mayGo).isPresent();
    List<FairLine> asked =
        classes.stream()
            .filter(each -> withBatch || each != JobClass.BATCH)
            .map(each -> line(pool, each))
            .toList();
    Optional<Lane> aged =
        sinceAged.getOrDefault(pool, AGED_EVERY) + 1 < AGED_EVERY
            ? Optional.empty()
            : aged(pool, asked, mayGo, now);
    Optional<Lane> first = aged.or(() -> fairest(pool, asked, mayGo, now));
    if (aged.isPresent()) {
      sinceAged.put(pool, 0);
    } else if (first.filter(Lane.Ready.class::isInstance).isPresent()) {
      sinceAged.computeIfPresent(pool, (same, turns) -> turns + 1 < AGED_EVERY ? turns + 1 : null);
    }
    return first;
  }

  /** The lane with the least service that may go; what has less and may not keeps pace with it. */
  private static Optional<Lane> fairest(
      Pool pool, List<FairLine> asked, Predicate<FairLane> mayGo, long now) {
    List<FairLine> leastFirst =
        asked.stream().sorted(Comparator.comparingDouble(line -> line.counter)).toList();
    for (FairLine line : leastFirst) {
      Optional<Lane> lane = fair(pool, line, mayGo, now);
      if (lane.isPresent()) {
        leastFirst.forEach(each -> each.keepPace(line));
        lane.ifPresent(line::keepPace);
        return lane;
      }
    }
    return Optional.empty();
  }

  private static Optional<Lane> aged(
      Pool pool, List<FairLine> asked, Predicate<FairLane> mayGo, long now) {
    Optional<Lane> best = Optional.empty();
    long bestSince = Long.MAX_VALUE;
    for (FairLine line : asked) {
      Optional<Integer> number = line.aged(now - AGEING.toMillis(), mayGo);
      if (number.isPresent() && line.ready(number.get()).waitsSince < bestSince) {
        bestSince = line.ready(number.get()).waitsSince;
        best = Optional.of(new Lane.Ready(pool, line.jobClass, number.get()));
      }
    }
    return best;
  }

  private static Optional<Lane> fair(
      Pool pool, FairLine line, Predicate<FairLane> mayGo, long now) {
    if (line.retry.dueAt <= now) {
      return Optional.of(new Lane.Retry(pool, line.jobClass));
    }
    return line.leastServed(mayGo).map(number -> new Lane.Ready(pool, line.jobClass, number));
  }

  /** Whether the tenant of a lane of its own runs as many as it may, or is about to. */
  private boolean isCapped(FairLane lane, long now) {
    if (lane.runningMax.isEmpty()) {
      return false;
    }
    String tenant = lane.tenants.keySet().iterator().next();
    long soon =
        given.getOrDefault(tenant, Map.of()).values().stream().filter(until -> until > now).count();
    return running.getOrDefault(tenant, 0) + soon >= lane.runningMax.getAsInt();
  }

  private Turn turn(Lane lane, long now) {
    long mine = ++stamp;
    long until = now + GIVEN.toMillis();
    Pool pool;
    long charged = 0;
    switch (lane) {
      case Lane.Ready ready -> {
        pool = ready.pool();
        FairLine line = line(pool, ready.jobClass());
        charged = line.turn(ready.number(), now);
        line.give(mine, now, until);
        give(line.ready(ready.number()), mine, now, until);
      }
      case Lane.Retry retry -> {
        pool = retry.pool();
        line(pool, retry.jobClass()).give(mine, now, until);
      }
      default -> throw new IllegalStateException("nobody pulls by turns from " + lane.label());
    }
    served.put(pool, mine);
    return new Turn(lane, mine, charged);
  }

  private void give(FairLane lane, long mine, long now, long until) {
    if (lane.runningMax.isPresent()) {
      Map<Long, Long> turns =
          given.computeIfAbsent(lane.tenants.keySet().iterator().next(), first -> new HashMap<>());
      turns.values().removeIf(ends -> ends <= now);
      turns.put(mine, until);
    }
  }

  /** Whether the turn was given and not reported before. */
  private boolean reported(FairLine line, FairLane lane, long mine) {
    if (!line.endGiven(mine)) {
      return false;
    }
    for (String tenant : lane.tenants.keySet()) {
      given.computeIfPresent(
          tenant,
          (who, turns) -> {
            turns.remove(mine);
            return turns.isEmpty() ? null : turns;
          });
    }
    return true;
  }

  public void emptied(Turn turn, long now) {
    if (turn.lane() instanceof Lane.Ready ready) {
      FairLine line = line(ready.pool(), ready.jobClass());
      FairLane lane = line.ready(ready.number());
      if (reported(line, lane, turn.stamp())) {
        line.serve(Optional.of(lane).filter(it -> it.isStill(turn.stamp())), -turn.charged());
        if (lane.offeredStamp <= turn.stamp() && lane.isIndexed && !lane.cool(now)) {
          leaveIndex(ready, lane);
        }
      }
    } else if (turn.lane() instanceof Lane.Retry retry) {
      FairLine line = line(retry.pool(), retry.jobClass());
      if (line.endGiven(turn.stamp()) && line.retry.offeredStamp <= turn.stamp()) {
        line.retry.coolAtMost(now);
      }
    }
  }

  private static void leaveIndex(Lane.Ready ready, FairLane lane) {
    lane.isIndexed = false;
    lane.warm();
    if (ready.isShared()) {
      lane.leaveAll();
    }
  }

  public void charge(Turn turn, Charge charge, long now) {
    if (turn.lane() instanceof Lane.Ready ready) {
      FairLine line = line(ready.pool(), ready.jobClass());
      FairLane lane = line.ready(ready.number());
      if (charge(line, lane, Optional.of(lane), turn, charge, now)
          && charge instanceof Charge.Pulled) {
        lane.learn(charge.estimate());
        lane.pulled(charge.tenant());
      }
    } else if (turn.lane() instanceof Lane.Retry retry) {
      FairLine line = line(retry.pool(), retry.jobClass());
      charge(line, line.retry, line.lastOf(charge.tenant()), turn, charge, now);
    }
  }

  /** Whether it was not charged before. */
  private boolean charge(
      FairLine line,
      FairLane pulled,
      Optional<FairLane> payer,
      Turn turn,
      Charge charge,
      long now) {
    Optional<FairLane> charged = payer.filter(lane -> lane.isStill(turn.stamp()));
    switch (charge) {
      case Charge.Pulled(String tenant, long estimate) -> {
        if (!reported(line, pulled, turn.stamp())) {
          return false;
        }
        line.isCharged(turn.stamp(), now);
        line.serve(charged, estimate - turn.charged());
        pulled.warm();
        running.merge(tenant, 1, Integer::sum);
      }
      case Charge.Ended(String tenant, long estimate, long used) -> {
        if (!line.endCharged(turn.stamp())) {
          return false;
        }
        line.serve(charged, used - estimate);
        running.computeIfPresent(tenant, (who, jobs) -> jobs > 1 ? jobs - 1 : null);
      }
    }
    return true;
  }
}
