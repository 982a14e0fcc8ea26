package io.sluice.embedded;

import io.sluice.Lane;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which tenant has which lane of a pool and class. A lane of one's own is leased while a job waits
 * in it; whose it was last is remembered until another tenant leases it.
 */
final class Numbers {
  private static final int OWN = Lane.NUMBERS - Lane.SHARED;

  private Numbers() {}

  private record Lease(String tenant, int number) {}

  /** One more job of its tenant waits; returns the number of its lane. */
  static int enter(Sql sql, JobRow job, int weight) throws SQLException {
    Optional<Integer> had =
        sql.first(
            """
            UPDATE numbers SET jobs = jobs + 1, weight = ?
            WHERE pool = ? AND class = ? AND tenant = ? RETURNING number
            """,
            row -> row.getInt(1),
            weight,
            job.pool,
            job.jobClass,
            job.tenant);
    return had.isPresent() ? had.get() : lease(sql, job, weight);
  }

  private static int lease(Sql sql, JobRow job, int weight) throws SQLException {
    int number = lowestFree(sql, job).orElse(Lane.shared(job.tenant));
    sql.update(
        "DELETE FROM numbers WHERE pool = ? AND class = ? AND number = ? AND jobs = 0",
        job.pool,
        job.jobClass,
        number);
    sql.update(
        "INSERT INTO numbers (pool, class, tenant, number, jobs, weight) VALUES (?, ?, ?, ?, 1, ?)",
        job.pool,
        job.jobClass,
        job.tenant,
        number,
        weight);
    return number;
  }

  private static Optional<Integer> lowestFree(Sql sql, JobRow job) throws SQLException {
    List<Integer> taken =
        leased(sql, job.pool, job.jobClass).stream().map(Lease::number).sorted().toList();
    int free = 0;
    while (free < taken.size() && taken.get(free) == free) {
      free++;
    }
    return free < OWN ? Optional.of(free) : Optional.empty();
  }

  /** The lanes of one's own that are leased now. */
  private static List<Lease> leased(Sql sql, String pool, String jobClass) throws SQLException {
    return sql.all(
        """
        SELECT tenant, number FROM numbers
        WHERE pool = ? AND class = ? AND number < ? AND jobs > 0
        """,
        row -> new Lease(row.getString(1), row.getInt(2)),
        pool,
        jobClass,
        OWN);
  }

  /** Tenants and the lanes of their own. */
  static Map<String, Integer> leases(Sql sql, String pool, String jobClass) throws SQLException {
    Map<String, Integer> all = new HashMap<>();
    leased(sql, pool, jobClass).forEach(lease -> all.put(lease.tenant(), lease.number()));
    return all;
  }

  /** What the tenants that wait in a lane weigh together. */
  static long weight(Sql sql, JobRow job, int number) throws SQLException {
    return sql.first(
            """
            SELECT coalesce(sum(weight), 1) FROM numbers
            WHERE pool = ? AND class = ? AND number = ? AND jobs > 0
            """,
            row -> row.getLong(1),
            job.pool,
            job.jobClass,
            number)
        .orElse(1L);
  }

  /** A job that waited in a lane waits there no more. One without a ticket never did. */
  static void leave(Sql sql, JobRow job) throws SQLException {
    if (job.ticket == null) {
      return;
    }
    sql.update(
        """
        UPDATE numbers SET jobs = max(0, jobs - 1) WHERE pool = ? AND class = ? AND tenant = ?
        """,
        job.pool,
        job.jobClass,
        job.tenant);
    sql.update(
        "DELETE FROM numbers WHERE pool = ? AND class = ? AND tenant = ? AND jobs = 0 AND number >= ?",
        job.pool,
        job.jobClass,
        job.tenant,
        OWN);
  }
}
