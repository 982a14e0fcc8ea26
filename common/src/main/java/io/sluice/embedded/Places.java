package io.sluice.embedded;

import java.sql.SQLException;

/** How many jobs wait, and what they may cost: counted as they come and go. */
final class Places {
  private static final String TOTAL = "total";

  private Places() {}

  static void take(Sql sql, JobRow job) throws SQLException {
    job.placed = true;
    count(sql, job, 1);
  }

  /** Gives back the place of a job that has one. */
  static void release(Sql sql, JobRow job) throws SQLException {
    if (job.placed) {
      job.placed = false;
      count(sql, job, -1);
    }
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

  private static String tokensScope(String tenant) {
    return "tokens:" + tenant;
  }
}
