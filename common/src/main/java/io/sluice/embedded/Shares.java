package io.sluice.embedded;

import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.Limit.Unit;
import java.sql.SQLException;

/** What started in a pool in the last minute, and who asked for how much. */
final class Shares {
  private Shares() {}

  /** A job starts for the first time; it is settled with what it uses. */
  static void started(Sql sql, JobRow job, long now) throws SQLException {
    startedJobs(sql, job.pool, now).charge(job.n, 1, Unit.JOBS);
    startedTokens(sql, job.pool, now).charge(job.n, job.tokens, Unit.TOKENS);
  }

  static Spent startedJobs(Sql sql, String pool, long now) {
    return Spent.inMinute(sql, "started jobs " + pool, now);
  }

  static Spent startedTokens(Sql sql, String pool, long now) {
    return Spent.inMinute(sql, "started tokens " + pool, now);
  }

  /** Remembers what a job asks for, whatever it is answered. */
  static void ask(Sql sql, Job job, long now) throws SQLException {
    String pool = job.pool().toString();
    sql.update("DELETE FROM asking WHERE pool = ? AND at <= ?", pool, now - Load.FORGET_MS);
    sql.update(
        "INSERT OR REPLACE INTO asking (pool, tenant, at) VALUES (?, ?, ?)",
        pool,
        job.tenant(),
        now);
    if (job.jobClass() == JobClass.INTERACTIVE) {
      askedTokens(sql, pool, "", now).count(job.tokensAtMost());
      askedTokens(sql, pool, job.tenant(), now).count(job.tokensAtMost());
    }
  }

  /** Whether a tenant asked for more than its share in the last minute. */
  static boolean isOver(Sql sql, Job job, long now) throws SQLException {
    String pool = job.pool().toString();
    long own = askedTokens(sql, pool, job.tenant(), now).sum();
    return own * tenants(sql, pool) > askedTokens(sql, pool, "", now).sum();
  }

  private static Spent askedTokens(Sql sql, String pool, String tenant, long now) {
    return Spent.inMinute(sql, "asked tokens " + pool + " " + tenant, now);
  }

  /** The tenants that asked in the last minute. */
  static long tenants(Sql sql, String pool) throws SQLException {
    return sql.first("SELECT count(*) FROM asking WHERE pool = ?", row -> row.getLong(1), pool)
        .orElse(0L);
  }
}
