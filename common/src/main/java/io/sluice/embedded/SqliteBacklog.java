package io.sluice.embedded;

import io.sluice.Backlog;
import io.sluice.Lines;
import io.sluice.Pool;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** The pressure of each pool; what waits in it is not counted yet, and so it is unknown. */
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
    return Future.succeededFuture(
        new Lines(pool, clock.instant(), 0, false, Optional.empty(), Map.of()));
  }

  @Override
  public Future<Double> pressure(Pool pool) {
    return waitTarget.isPositive()
        ? database.write(
            sql -> Load.look(sql, pool.toString(), waitTarget.toMillis(), clock.millis()))
        : Future.succeededFuture(0.0);
  }
}
