package io.sluice.embedded;

import io.sluice.Backlog;
import io.sluice.JobClass;
import io.sluice.Lines;
import io.sluice.Pool;
import io.sluice.forecast.Meter;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;

/** The counters as a few rows for each pool. */
final class SqliteBacklog implements Backlog {
  private final Database database;
  private final Duration waitTarget;
  private final InstantSource clock;

  /**
   * @param waitTarget see {@link io.sluice.Admission.Bounds}
   */
  SqliteBacklog(Database database, Duration waitTarget, InstantSource clock) {
    this.database = database;
    this.waitTarget = waitTarget;
    this.clock = clock;
  }

  @Override
  public Future<Lines> look(Pool pool) {
    return database.read(sql -> look(sql, pool, clock.millis()));
  }

  private Lines look(Sql sql, Pool pool, long now) throws SQLException {
    String name = pool.toString();
    Meter meter = PoolMeter.read(sql, name);
    Map<JobClass, Lines.Line> classes = new EnumMap<>(JobClass.class);
    for (JobClass jobClass : JobClass.values()) {
      classes.put(jobClass, line(sql, name, jobClass.wireName(), now));
    }
    double pressure = waitTarget.isPositive() ? Load.last(sql, name, now) : 0;
    return new Lines(
        pool, Instant.ofEpochMilli(now), pressure, meter.isFree(now), meter.pace(now), classes);
  }

  private static Lines.Line line(Sql sql, String pool, String jobClass, long now)
      throws SQLException {
    return new Lines.Line(
        Queues.all(sql, pool, jobClass, now),
        Numbers.leases(sql, pool, jobClass),
        Experience.of(sql, pool, jobClass).odds());
  }

  @Override
  public Future<Double> pressure(Pool pool) {
    return waitTarget.isPositive()
        ? database.write(
            sql -> Load.look(sql, pool.toString(), waitTarget.toMillis(), clock.millis()))
        : Future.succeededFuture(0.0);
  }
}
