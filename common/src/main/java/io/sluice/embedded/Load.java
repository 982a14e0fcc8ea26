package io.sluice.embedded;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * How late the interactive jobs of a pool start, and the pressure that follows. The signal is that
 * of CoDel (RFC 8289): the smallest wait over an interval, since one job in time shows that no
 * queue stands; where nothing starts, the age of the oldest that waits. The answer is additive
 * steps with a dead band. What nobody looked at for a minute is forgotten.
 */
final class Load {
  private static final long STEP_MS = 1000;
  private static final int STEPS_MAX = 10;
  private static final long HALF_MS = 2500;
  static final long FORGET_MS = 60_000;
  private static final int OLDEST_MAX = 32;
  private static final double RISE = 0.1;
  private static final double RISE_ABOVE_ONE = 0.02;
  private static final double FALL = 0.05;

  private final Sql sql;
  private final String pool;
  private final long now;
  private double pressure;
  private long stepped;

  /** When this half of the interval began. */
  private long half;

  /** The smallest wait in this half. */
  private Long low;

  /** The smallest wait in the half before. */
  private Long before;

  /** How many jobs waited when this half began. */
  private Long was;

  /** Whether fewer waited then than when the half before began. */
  private boolean shrinks;

  private Load(Sql sql, String pool, long now) {
    this.sql = sql;
    this.pool = pool;
    this.now = now;
    this.stepped = now;
    this.half = now;
  }

  /** The pressure after the steps that are due. */
  static double look(Sql sql, String pool, long target, long now) throws SQLException {
    Load load = new Load(sql, pool, now);
    load.recall();
    load.step(target);
    load.remember();
    return load.pressure;
  }

  /** The pressure as it was after the last step. */
  static double last(Sql sql, String pool, long now) throws SQLException {
    return sql.first(
            "SELECT pressure FROM load WHERE pool = ? AND stepped > ?",
            row -> row.getDouble(1),
            pool,
            now - FORGET_MS)
        .orElse(0.0);
  }

  /**
   * A job starts for the first time. What its tenant's bound held back says nothing of the load.
   */
  static void starts(Sql sql, JobRow job, long now) throws SQLException {
    if (job.starting == null) {
      return;
    }
    Load load = new Load(sql, job.pool, now);
    if (load.recall()) {
      long wait = waited(sql, job, now);
      load.low = load.low == null ? Long.valueOf(wait) : Long.valueOf(Math.min(load.low, wait));
      load.remember();
    }
    Shares.started(sql, job, now);
  }

  private void step(long target) throws SQLException {
    long steps = Math.min(STEPS_MAX, (now - stepped) / STEP_MS);
    if (steps == 0) {
      return;
    }
    long wait = smallest();
    if (wait > target && pressure < 1) {
      pressure = Math.min(1, pressure + RISE * steps);
    } else if (wait > target && !shrinks) {
      // Beyond 1 only where the queue does not shrink: what waits already must have time to drain.
      pressure = Math.min(2, pressure + RISE_ABOVE_ONE * steps);
    } else if (wait < target / 2.0) {
      pressure = Math.max(0, pressure - FALL * steps);
    }
    stepped = now - (now - stepped) % STEP_MS;
  }

  private long smallest() throws SQLException {
    if (low != null && before != null) {
      return Math.min(low, before);
    }
    return low != null ? low : before != null ? before : oldest();
  }

  /**
   * The wait of the oldest job that waits for a slot and not for its own tenant. Where as many as
   * are looked at wait for their tenants nothing is said of the load.
   */
  private long oldest() throws SQLException {
    long longest = 0;
    for (JobRow job :
        sql.all(
            """
            SELECT * FROM jobs WHERE pool = ? AND starting IS NOT NULL ORDER BY starting LIMIT ?
            """,
            JobRow::of,
            pool,
            OLDEST_MAX)) {
      if (!Turns.isAtBound(sql, job)) {
        longest = Math.max(longest, waited(sql, job, now));
      }
    }
    return longest;
  }

  /** How long a job has waited for a slot: not while its tenant ran as many jobs as it may. */
  private static long waited(Sql sql, JobRow job, long now) throws SQLException {
    long bounded = Turns.bounded(sql, job.tenant).map(Instant::toEpochMilli).orElse(0L);
    return Math.max(0, now - Math.max(job.starting, bounded));
  }

  /** Reads what is known; false where that is nothing. */
  private boolean recall() throws SQLException {
    boolean known =
        sql.first("SELECT * FROM load WHERE pool = ?", this::read, pool).orElse(Boolean.FALSE);
    if (known && now - half >= HALF_MS) {
      long waiting = Places.starting(sql, pool);
      shrinks = was != null && waiting < was;
      was = waiting;
      before = now - half < 2 * HALF_MS ? low : null;
      low = null;
      half = now - (now - half) % HALF_MS;
    }
    return known;
  }

  private boolean read(ResultSet row) throws SQLException {
    if (now - row.getLong("stepped") >= FORGET_MS) {
      return false;
    }
    pressure = row.getDouble("pressure");
    stepped = row.getLong("stepped");
    half = row.getLong("half");
    low = number(row, "low");
    before = number(row, "before");
    was = number(row, "was");
    shrinks = row.getBoolean("shrinks");
    return true;
  }

  private void remember() throws SQLException {
    pressure = Math.round(pressure * 1000) / 1000.0;
    sql.update(
        """
        INSERT OR REPLACE INTO load (pool, pressure, stepped, half, low, before, was, shrinks)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        pool,
        pressure,
        stepped,
        half,
        low,
        before,
        was,
        shrinks ? 1 : 0);
  }

  private static Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }
}
