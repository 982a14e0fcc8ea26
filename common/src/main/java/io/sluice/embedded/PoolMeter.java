package io.sluice.embedded;

import io.sluice.forecast.Meter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;

/** The meter of each pool, kept in its row. */
final class PoolMeter {
  private PoolMeter() {}

  static Meter read(Sql sql, String pool) throws SQLException {
    return new Meter(
        sql.first("SELECT * FROM paces WHERE pool = ?", PoolMeter::state, pool)
            .orElse(Meter.State.EMPTY));
  }

  static void change(Sql sql, String pool, Consumer<Meter> change) throws SQLException {
    Meter meter = read(sql, pool);
    change.accept(meter);
    Meter.State state = meter.state();
    sql.update(
        """
        INSERT OR REPLACE INTO paces (pool, jobs, tokens, busy, counted_to, waiting_since, seen_at,
          waiting, running, slots, timed, time_sum, time_squares,
          stood_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        pool,
        state.jobs(),
        state.tokens(),
        state.busyMs(),
        state.countedTo(),
        state.waitingSince(),
        state.seenAt(),
        state.waiting(),
        state.running(),
        state.slots(),
        state.speed().jobs(),
        state.speed().sum(),
        state.speed().squares(),
        state.stoodAt());
  }

  private static Meter.State state(ResultSet row) throws SQLException {
    return new Meter.State(
        row.getDouble("jobs"),
        row.getDouble("tokens"),
        row.getDouble("busy"),
        row.getLong("counted_to"),
        row.getLong("waiting_since"),
        row.getLong("seen_at"),
        row.getLong("waiting"),
        row.getLong("running"),
        row.getDouble("slots"),
        new Meter.Speed(
            row.getDouble("timed"), row.getDouble("time_sum"), row.getDouble("time_squares")),
        row.getLong("stood_at"));
  }
}
