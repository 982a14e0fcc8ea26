package io.sluice.redis;

import io.sluice.Backlog;
import io.sluice.JobClass;
import io.sluice.Lines;
import io.sluice.Lines.Amount;
import io.sluice.Lines.Line;
import io.sluice.Lines.Odds;
import io.sluice.Lines.Queue;
import io.sluice.Pool;
import io.sluice.forecast.Inflow;
import io.sluice.forecast.Meter;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    return redis
        .call(
            Script.BACKLOG,
            pool.toString(),
            JobClass.INTERACTIVE.wireName(),
            JobClass.BATCH.wireName())
        .map(reply -> new Look(reply).lines(pool));
  }

  @Override
  public Future<Double> pressure(Pool pool) {
    return waitTarget.isZero()
        ? Future.succeededFuture(0.0)
        : redis
            .call(Script.PRESSURE, pool.toString(), waitTarget.toMillis())
            .map(reply -> Double.parseDouble(reply.text(0)));
  }

  /** An answer of backlog.lua, read from its beginning to its end. */
  private static final class Look {
    private final Reply reply;
    private int next;

    private Look(Reply reply) {
      this.reply = reply;
    }

    private Lines lines(Pool pool) {
      long now = number();
      double pressure = real();
      Meter meter = new Meter(state());
      Map<JobClass, Line> classes = new EnumMap<>(JobClass.class);
      classes.put(JobClass.INTERACTIVE, line(now));
      classes.put(JobClass.BATCH, line(now));
      return new Lines(
          pool, Instant.ofEpochMilli(now), pressure, meter.isFree(now), meter.pace(now), classes);
    }

    private Meter.State state() {
      return new Meter.State(
          real(),
          real(),
          real(),
          number(),
          number(),
          number(),
          number(),
          number(),
          real(),
          new Meter.Speed(real(), real(), real()),
          number());
    }

    private Line line(long now) {
      Odds odds = new Odds(real(), real(), number());
      List<Queue> lanes = new ArrayList<>();
      for (long left = number(); left > 0; left--) {
        lanes.add(lane(now));
      }
      Map<String, Integer> leases = new HashMap<>();
      for (long left = number(); left > 0; left--) {
        leases.put(text(), (int) number());
      }
      return new Line(lanes, leases, odds);
    }

    private Queue lane(long now) {
      int number = (int) number();
      long weight = Math.max(1, number());
      Amount entered = new Amount(number(), number());
      Amount departed = new Amount(number(), number());
      double inflow = Inflow.faded(real(), number(), now);
      return new Queue(number, weight, entered, departed, Inflow.perSecond(inflow));
    }

    private String text() {
      return reply.text(next++);
    }

    private double real() {
      return Double.parseDouble(text());
    }

    /** Redis counts beyond a double's whole numbers in none of these. */
    private long number() {
      return (long) real();
    }
  }
}
