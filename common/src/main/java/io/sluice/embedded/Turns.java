package io.sluice.embedded;

import io.sluice.JobClass;
import io.sluice.Lane;
import io.sluice.Step;
import io.sluice.Step.Starts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** How the turns of waiting jobs come: what a claim writes into their history. */
final class Turns {
  private Turns() {}

  /** A job came into its lane. */
  static void come(Sql sql, JobRow job, OptionalLong runningMax, long now) throws SQLException {
    job.came = new Mark(now, begun(sql, job.pool));
    job.runningMax = runningMax.isPresent() ? Long.valueOf(runningMax.getAsLong()) : null;
    sql.update(
        "UPDATE jobs SET came = ?, running_max = ? WHERE n = ?",
        job.came.toString(),
        job.runningMax,
        job.n);
  }

  private static Starts begun(Sql sql, String pool) throws SQLException {
    return sql.first("SELECT interactive, batch FROM begun WHERE pool = ?", Turns::starts, pool)
        .orElse(Starts.NONE);
  }

  private static Starts starts(ResultSet row) throws SQLException {
    return new Starts(row.getLong(1), row.getLong(2));
  }

  /** An attempt begins; of a first one, whose coming is known, the answer is how its turn came. */
  static Optional<Step.Turn> take(Sql sql, JobRow job, long now) throws SQLException {
    if (!job.isCounted()) {
      return Optional.empty();
    }
    Mark mark = new Mark(now, begin(sql, job));
    if (job.attempt > 1 || job.came == null) {
      return Optional.empty();
    }
    Mark first = first(sql, job);
    sql.update(
        "UPDATE lines SET turned = ? WHERE pool = ? AND class = ? AND number = ?",
        mark.toString(),
        job.pool,
        job.jobClass,
        job.ticket.lane());
    return Optional.of(
        new Step.Turn(
            Instant.ofEpochMilli(first.at()),
            job.ahead,
            first.until(mark, job.jobClass),
            bound(sql, job)));
  }

  private static Starts begin(Sql sql, JobRow job) throws SQLException {
    int interactive = job.jobClass.equals(JobClass.INTERACTIVE.wireName()) ? 1 : 0;
    return sql.first(
            """
            INSERT INTO begun (pool, interactive, batch) VALUES (?, ?, ?)
            ON CONFLICT (pool) DO UPDATE SET interactive = interactive + excluded.interactive,
              batch = batch + excluded.batch
            RETURNING interactive, batch
            """,
            Turns::starts,
            job.pool,
            interactive,
            1 - interactive)
        .orElseThrow();
  }

  /** The last of: it came; the one before it started; the one before it went without a start. */
  private static Mark first(Sql sql, JobRow job) throws SQLException {
    return sql.first(
            """
            SELECT turned, gave_way, gave_way_before FROM lines
            WHERE pool = ? AND class = ? AND number = ?
            """,
            row -> {
              Mark after = later(job.came, Mark.parse(row.getString(1)));
              boolean before = row.getLong(3) < job.ticket.jobsBefore();
              return before ? later(after, Mark.parse(row.getString(2))) : after;
            },
            job.pool,
            job.jobClass,
            job.ticket.lane())
        .orElse(job.came);
  }

  private static Mark later(Mark a, Mark b) {
    return b == null || b.at() < a.at() ? a : b;
  }

  /** The bound of its tenant counts in a lane of its own. */
  private static Optional<Step.Bound> bound(Sql sql, JobRow job) throws SQLException {
    if (job.runningMax == null || job.ticket.lane() >= Lane.NUMBERS - Lane.SHARED) {
      return Optional.empty();
    }
    return Optional.of(
        new Step.Bound(
            JobTable.running(sql, job.tenant) + 1, job.runningMax, bounded(sql, job.tenant)));
  }

  /** When a tenant last ran as many jobs as it may: one row for each that ever did. */
  static Optional<Instant> bounded(Sql sql, String tenant) throws SQLException {
    return sql.first(
        "SELECT at FROM bounded WHERE tenant = ?",
        row -> Instant.ofEpochMilli(row.getLong(1)),
        tenant);
  }

  /** Whether the tenant of a job runs as many as it may. */
  static boolean isAtBound(Sql sql, JobRow job) throws SQLException {
    return job.runningMax != null && JobTable.running(sql, job.tenant) >= job.runningMax;
  }

  /** A job leaves its lane without having started: those behind it may be first now. */
  static void giveWay(Sql sql, JobRow job, long now) throws SQLException {
    if (job.ticket != null) {
      sql.update(
          """
          UPDATE lines SET gave_way = ?, gave_way_before = ?
          WHERE pool = ? AND class = ? AND number = ?
          """,
          new Mark(now, begun(sql, job.pool)).toString(),
          job.ticket.jobsBefore(),
          job.pool,
          job.jobClass,
          job.ticket.lane());
    }
  }

  /** A job that ran leaves its slot, and is still in the table as one that runs. */
  static void leaveSlot(Sql sql, JobRow job, long now) throws SQLException {
    if (isAtBound(sql, job)) {
      sql.update("INSERT OR REPLACE INTO bounded (tenant, at) VALUES (?, ?)", job.tenant, now);
    }
  }
}
