package io.sluice.embedded;

import java.sql.SQLException;

/** How many jobs wait, for whom, and what they may cost: counted as they come and go. */
final class Places {
  private static final String TOTAL = "total";

  private Places() {}

  static void take(Sql sql, JobRow job) throws SQLException {
    job.placed = true;
    count(sql, job, 1);
  }

  /** Gives back the place of a job that has one and will not start. */
  static void release(Sql sql, JobRow job, long now) throws SQLException {
    if (job.placed) {
      Turns.giveWay(sql, job, now);
    }
    start(sql, job, now);
  }

  /** Gives back the place of a job that starts, if it has one. */
  static void start(Sql sql, JobRow job, long now) throws SQLException {
    if (job.placed) {
      job.placed = false;
      count(sql, job, -1);
      Queues.depart(sql, job, now);
      Numbers.leave(sql, job);
    }
    releaseStart(sql, job);
  }

  /** An interactive job waits for its first slot, from this time on. */
  static void takeStart(Sql sql, JobRow job, long from) throws SQLException {
    job.starting = from;
    sql.update("UPDATE jobs SET starting = ? WHERE n = ?", from, job.n);
    countStart(sql, job, 1);
  }

  /** It does not wait for it any more; the row is still to be saved. */
  static void releaseStart(Sql sql, JobRow job) throws SQLException {
    if (job.starting != null) {
      job.starting = null;
      countStart(sql, job, -1);
    }
  }

  private static void countStart(Sql sql, JobRow job, int jobs) throws SQLException {
    add(sql, starting(job.pool), jobs);
    add(sql, startingJobs(job.pool, job.tenant), jobs);
    add(sql, startingTokens(job.pool, job.tenant), (long) jobs * job.tokens);
  }

  /** The interactive jobs that wait for their first slot in a pool. */
  static long starting(Sql sql, String pool) throws SQLException {
    return taken(sql, starting(pool));
  }

  static long startingJobs(Sql sql, String pool, String tenant) throws SQLException {
    return taken(sql, startingJobs(pool, tenant));
  }

  static long startingTokens(Sql sql, String pool, String tenant) throws SQLException {
    return taken(sql, startingTokens(pool, tenant));
  }

  static long jobs(Sql sql) throws SQLException {
    return taken(sql, TOTAL);
  }

  static long jobs(Sql sql, String tenant) throws SQLException {
    return taken(sql, scope(tenant));
  }

  static long tokens(Sql sql, String tenant) throws SQLException {
    return taken(sql, tokensScope(tenant));
  }

  private static long taken(Sql sql, String scope) throws SQLException {
    return sql.first("SELECT jobs FROM waiting WHERE scope = ?", row -> row.getLong(1), scope)
        .orElse(0L);
  }

  private static void count(Sql sql, JobRow job, int jobs) throws SQLException {
    add(sql, scope(job.tenant), jobs);
    add(sql, tokensScope(job.tenant), (long) jobs * job.tokens);
    add(sql, TOTAL, jobs);
  }

  private static void add(Sql sql, String scope, long change) throws SQLException {
    sql.update(
        """
        INSERT INTO waiting (scope, jobs) VALUES (?, ?)
        ON CONFLICT (scope) DO UPDATE SET jobs = jobs + excluded.jobs
        """,
        scope,
        change);
  }

  private static String scope(String tenant) {
    return "tenant:" + tenant;
  }

  private static String starting(String pool) {
    return "starting:" + pool;
  }

  private static String startingJobs(String pool, String tenant) {
    return "starting jobs:" + pool + " " + tenant;
  }

  private static String startingTokens(String pool, String tenant) {
    return "starting tokens:" + pool + " " + tenant;
  }

  private static String tokensScope(String tenant) {
    return "tokens:" + tenant;
  }
}
