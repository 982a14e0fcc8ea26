package io.sluice.embedded;

import io.sluice.Admission.Bounds;
import io.sluice.Admission.Decision.Refused;
import io.sluice.Admission.Limit;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** How many jobs wait, per tenant and in total: counted as they come and go. */
final class Places {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final String TOTAL = "total";

  private Places() {}

  /** The bound that keeps a tenant's next job out, if one does. */
  static Optional<Refused> refusal(Sql sql, Bounds bounds, String tenant) throws SQLException {
    if (taken(sql, scope(tenant)) >= bounds.waitingPerTenant()) {
      return Optional.of(
          new Refused(Limit.WAITING_PER_TENANT, bounds.waitingPerTenant(), RETRY_AFTER));
    }
    if (taken(sql, TOTAL) >= bounds.waitingInTotal()) {
      return Optional.of(new Refused(Limit.WAITING_IN_TOTAL, bounds.waitingInTotal(), RETRY_AFTER));
    }
    return Optional.empty();
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
