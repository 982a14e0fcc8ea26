package io.sluice.embedded;

import io.sluice.Lines.Amount;
import io.sluice.Lines.Queue;
import io.sluice.Ticket;
import io.sluice.forecast.Inflow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * What entered each lane and what departed from it, cumulated. Every job that enters departs once,
 * together with its place among the waiting.
 */
final class Queues {
  private Queues() {}

  /** A lane as it is stored: its inflow is a sum that fades from the time when it was kept. */
  private record Row(Queue queue, double inflow, long inflowAt) {
    static Row of(ResultSet row) throws SQLException {
      Queue queue =
          new Queue(
              row.getInt("number"),
              row.getLong("weight"),
              new Amount(row.getLong("entered_jobs"), row.getLong("entered_tokens")),
              new Amount(row.getLong("departed_jobs"), row.getLong("departed_tokens")),
              0);
      return new Row(queue, row.getDouble("inflow"), row.getLong("inflow_at"));
    }

    Queue at(long now) {
      double tokensPerSecond = Inflow.perSecond(Inflow.faded(inflow, inflowAt, now));
      return new Queue(
          queue.number(), queue.weight(), queue.entered(), queue.departed(), tokensPerSecond);
    }
  }

  /**
   * A job takes its place in a lane of its pool and class.
   *
   * @param weight of all tenants that wait in the lane, this job's included
   */
  static void enter(Sql sql, JobRow job, int number, long weight, long now) throws SQLException {
    List<Row> found =
        sql.all(
            "SELECT * FROM lines WHERE pool = ? AND class = ? AND number = ?",
            Row::of,
            job.pool,
            job.jobClass,
            number);
    Amount entered = found.isEmpty() ? Amount.NONE : found.getFirst().queue().entered();
    double inflow =
        found.isEmpty()
            ? 0
            : Inflow.faded(found.getFirst().inflow(), found.getFirst().inflowAt(), now);
    sql.update(
        """
        INSERT INTO lines (pool, class, number, weight, entered_jobs, entered_tokens, inflow,
          inflow_at)
        VALUES (?, ?, ?, ?, 1, ?, ?, ?)
        ON CONFLICT (pool, class, number) DO UPDATE SET weight = excluded.weight,
          entered_jobs = entered_jobs + 1, entered_tokens = entered_tokens + excluded.entered_tokens,
          inflow = excluded.inflow, inflow_at = excluded.inflow_at
        """,
        job.pool,
        job.jobClass,
        number,
        weight,
        job.cost,
        inflow + job.cost,
        now);
    job.ticket = new Ticket(number, entered.jobs(), entered.tokens());
    job.ahead = found.isEmpty() ? 0 : found.getFirst().queue().waiting().jobs();
    sql.update(
        "UPDATE jobs SET lane = ?, jobs_before = ?, tokens_before = ?, ahead = ? WHERE n = ?",
        number,
        entered.jobs(),
        entered.tokens(),
        job.ahead,
        job.n);
    PoolMeter.change(sql, job.pool, meter -> meter.enters(now));
  }

  /** A job that waited in a lane waits there no more. One without a ticket never did. */
  static void depart(Sql sql, JobRow job, long now) throws SQLException {
    if (job.ticket == null) {
      return;
    }
    sql.update(
        """
        UPDATE lines SET departed_jobs = departed_jobs + 1, departed_tokens = departed_tokens + ?
        WHERE pool = ? AND class = ? AND number = ?
        """,
        job.cost,
        job.pool,
        job.jobClass,
        job.ticket.lane());
    PoolMeter.change(sql, job.pool, meter -> meter.departs(now));
  }

  static List<Queue> all(Sql sql, String pool, String jobClass, long now) throws SQLException {
    return sql
        .all(
            "SELECT * FROM lines WHERE pool = ? AND class = ? ORDER BY number",
            Row::of,
            pool,
            jobClass)
        .stream()
        .map(row -> row.at(now))
        .toList();
  }
}
