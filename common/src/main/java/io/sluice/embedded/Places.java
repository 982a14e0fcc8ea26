package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.Admission.Bounds;
import io.sluice.Admission.Decision.Refused;
import io.sluice.Limit;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How many jobs wait, per tenant and in total: counted as they come and go. */
final class Places {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final String TOTAL = "total";

  private Places() {}

  /** The bound that keeps a tenant's next job out, if one does. */
  static Optional<Refused> refusal(Sql sql, Bounds bounds, String tenant) throws SQLException {
    if (taken(sql, scope(tenant)) >= bounds.waitingPerTenant()) {
      return Optional.of(full(Limit.TENANT_WAITING_JOBS, bounds.waitingPerTenant()));
    }
    if (taken(sql, TOTAL) >= bounds.waitingInTotal()) {
      return Optional.of(full(Limit.WAITING_JOBS, bounds.waitingInTotal()));
    }
    return Optional.empty();
  }

  private static Refused full(Limit limit, int bound) {
    Admission.Level level =
        new Admission.Level(
            limit, bound, 0, RETRY_AFTER, Admission.Verdict.EXCEEDED, Optional.of(RETRY_AFTER));
    return new Refused(new Admission.Standing(List.of(level), Duration.ZERO, 0));
  }

  static void take(Sql sql, JobRow job) throws SQLException {
    job.placed = true;
    count(sql, scope(job.tenant), 1);
    count(sql, TOTAL, 1);
  }

  /** Gives back the place of a job that has one. */
  static void release(Sql sql, JobRow job) throws SQLException {
    if (job.placed) {
      job.placed = false;
      count(sql, scope(job.tenant), -1);
      count(sql, TOTAL, -1);
    }
  }

  private static long taken(Sql sql, String scope) throws SQLException {
    return sql.first("SELECT jobs FROM waiting WHERE scope = ?", row -> row.getLong(1), scope)
        .orElse(0L);
  }

  private static void count(Sql sql, String scope, int change) throws SQLException {
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
}
