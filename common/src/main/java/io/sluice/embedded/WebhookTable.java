package io.sluice.embedded;

import io.sluice.JobId;
import io.sluice.WebhookDelivery;
import io.sluice.Webhooks;
import io.sluice.Webhooks.Owed;
import io.sluice.Webhooks.Target;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is owed to webhooks, one row for each job that has ended and has one; of what is not owed
 * any more {@code due} is null. Everything here runs in a transaction.
 */
final class WebhookTable {
  private WebhookTable() {}

  /** The job has ended, or its end is asked for again: its webhook is to be told now. */
  static void owe(Sql sql, JobRow job, long now) throws SQLException {
    if (job.origin == null) {
      return;
    }
    job.keptFrom = now + Webhooks.KEPT.toMillis();
    sql.update(
        """
        INSERT OR REPLACE INTO webhooks (job, tenant, origin, state, attempts, due, since)
        VALUES (?, ?, ?, 'pending', 0, ?, ?)
        """,
        job.n,
        job.tenant,
        job.origin,
        now,
        now);
  }

  /** Empty for a job without a webhook. */
  static Optional<WebhookDelivery> delivery(Sql sql, JobRow job) throws SQLException {
    if (job.origin == null) {
      return Optional.empty();
    }
    Optional<WebhookDelivery> known =
        sql.first("SELECT * FROM webhooks WHERE job = ?", WebhookTable::delivery, job.n);
    return Optional.of(known.orElse(WebhookDelivery.OWED_LATER));
  }

  private static WebhookDelivery delivery(ResultSet row) throws SQLException {
    return new WebhookDelivery(
        WebhookDelivery.State.ofWireName(row.getString("state")),
        row.getInt("attempts"),
        number(row, "status").map(Long::intValue),
        Optional.ofNullable(row.getString("problem")),
        number(row, "due").map(Instant::ofEpochMilli),
        number(row, "since").map(Instant::ofEpochMilli));
  }

  private static Optional<Long> number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(value);
  }

  /** A delivery that somebody took. */
  record Taken(long lease, Optional<Long> settled, int attempts) {}

  static Optional<Taken> taken(Sql sql, JobRow job) throws SQLException {
    return sql.first(
        "SELECT coalesce(lease, 0) AS lease, settled, attempts FROM webhooks WHERE job = ?",
        row -> new Taken(row.getLong("lease"), number(row, "settled"), row.getInt("attempts")),
        job.n);
  }

  /** The next tenant behind this one, by name, to whom something is owed. */
  static Optional<String> tenantAfter(Sql sql, String tenant) throws SQLException {
    return sql.first(
        """
        SELECT tenant FROM webhooks WHERE due IS NOT NULL AND tenant > ?
        ORDER BY tenant LIMIT 1
        """,
        row -> row.getString(1),
        tenant);
  }

  /** The next target of a tenant behind this one, by its origin. */
  static Optional<String> originAfter(Sql sql, String tenant, String origin) throws SQLException {
    return sql.first(
        """
        SELECT origin FROM webhooks WHERE due IS NOT NULL AND tenant = ? AND origin > ?
        ORDER BY origin LIMIT 1
        """,
        row -> row.getString(1),
        tenant,
        origin);
  }

  /** Takes what is due of one target, the longest due first. */
  static List<Owed> take(Sql sql, Target target, int most, long now) throws SQLException {
    long lease = now + Webhooks.LEASE.toMillis();
    List<Owed> owed =
        sql.all(
            """
            SELECT jobs.id FROM webhooks JOIN jobs ON jobs.n = webhooks.job
            WHERE webhooks.due IS NOT NULL AND webhooks.tenant = ? AND webhooks.origin = ?
              AND webhooks.due <= ?
            ORDER BY webhooks.due LIMIT ?
            """,
            row -> new Owed(new JobId(row.getString(1)), target, lease),
            target.tenant(),
            target.origin(),
            now,
            most);
    for (Owed one : owed) {
      sql.update(
          """
          UPDATE webhooks SET due = ?, lease = ?, attempts = attempts + 1
          WHERE job = (SELECT n FROM jobs WHERE id = ?)
          """,
          lease,
          lease,
          one.id().value());
    }
    return owed;
  }
}
