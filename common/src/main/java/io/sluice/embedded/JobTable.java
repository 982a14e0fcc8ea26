package io.sluice.embedded;

import io.sluice.Cost;
import io.sluice.Idempotency;
import io.sluice.Job;
import io.sluice.JobEvent;
import io.sluice.JobId;
import io.sluice.Webhooks;
import io.sluice.codec.EventCodec;
import java.sql.SQLException;
import java.util.Optional;

/** The tables of jobs, their bodies, keys and logs. Everything here runs in a transaction. */
final class JobTable {
  private JobTable() {}

  static Optional<JobRow> find(Sql sql, JobId id) throws SQLException {
    return sql.first("SELECT * FROM jobs WHERE id = ?", JobRow::of, id.value());
  }

  /** A job if it is this tenant's: another's costs no more than one that is not there. */
  static Optional<JobRow> find(Sql sql, JobId id, String tenant) throws SQLException {
    return sql.first(
        "SELECT * FROM jobs WHERE id = ? AND tenant = ?", JobRow::of, id.value(), tenant);
  }

  /** Adds a job that waits. */
  static JobRow insert(Sql sql, Job job, String body, long now) throws SQLException {
    long startBy = job.startBy().toEpochMilli();
    long finishBy = job.finishBy().toEpochMilli();
    String pool = job.pool().toString();
    String jobClass = job.jobClass().wireName();
    double output = Experience.of(sql, pool, jobClass).meanOutput();
    long cost = Cost.estimate(job, Math.round(output));
    String origin = job.webhook().map(Webhooks::origin).orElse(null);
    long n =
        sql.first(
                """
                INSERT INTO jobs (id, tenant, state, published, placed, attempt, failures, losses,
                  fence, admitted_at, start_by, finish_by, due, tokens, pool, class, cost, origin)
                VALUES (?, ?, 'queued', 0, 0, 0, 0, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING n
                """,
                row -> row.getLong(1),
                job.id().value(),
                job.tenant(),
                now,
                startBy,
                finishBy,
                Math.min(startBy, finishBy),
                job.tokensAtMost(),
                pool,
                jobClass,
                cost,
                origin)
            .orElseThrow();
    sql.update("INSERT INTO job_bodies (n, body) VALUES (?, ?)", n, body);
    JobRow row = new JobRow(n, job.id(), job.tenant(), startBy, finishBy);
    row.tokens = job.tokensAtMost();
    row.pool = pool;
    row.jobClass = jobClass;
    row.cost = cost;
    row.origin = origin;
    return row;
  }

  static void save(Sql sql, JobRow job) throws SQLException {
    sql.update(
        """
        UPDATE jobs SET state = ?, published = ?, placed = ?, attempt = ?, failures = ?, losses = ?,
          fence = ?, not_before = ?, started_at = ?, ended_at = ?, worker = ?, nonce = ?,
          leased_until = ?, settled_fence = ?, settled_as = ?, reason = ?, due = ?, starting = ?, steps = ?,
          kept_from = ?
        WHERE n = ?
        """,
        job.state.wireName(),
        job.published ? 1 : 0,
        job.placed ? 1 : 0,
        job.attempt,
        job.failures,
        job.losses,
        job.fence,
        job.notBefore,
        job.startedAt,
        job.endedAt,
        job.worker,
        job.nonce,
        job.leasedUntil,
        job.settledFence,
        job.settledAs,
        job.reason,
        job.due(),
        job.starting,
        job.steps,
        job.keptFrom,
        job.n);
  }

  /** How many of a tenant's jobs run. */
  static long running(Sql sql, String tenant) throws SQLException {
    return sql.first(
            """
            SELECT count(*) FROM jobs
            WHERE tenant = ? AND state IN ('in_progress', 'cancelling')
            """,
            row -> row.getLong(1),
            tenant)
        .orElse(0L);
  }

  static void delete(Sql sql, JobRow job) throws SQLException {
    sql.update("DELETE FROM webhooks WHERE job = ?", job.n);
    sql.update("DELETE FROM charges WHERE job = ?", job.n);
    sql.update("DELETE FROM job_log WHERE job = ?", job.n);
    sql.update("DELETE FROM job_keys WHERE job = ?", job.n);
    sql.update("DELETE FROM job_endings WHERE n = ?", job.n);
    sql.update("DELETE FROM job_bodies WHERE n = ?", job.n);
    sql.update("DELETE FROM jobs WHERE n = ?", job.n);
  }

  // --- idempotency keys

  /** Who holds a key, and the fingerprint that it was given with. */
  record Holder(JobRow job, String fingerprint) {}

  static Optional<Holder> holder(Sql sql, String tenant, Idempotency key) throws SQLException {
    return sql.first(
        """
        SELECT jobs.*, fingerprint FROM job_keys JOIN jobs ON jobs.n = job_keys.job
        WHERE job_keys.tenant = ? AND key = ?
        """,
        row -> new Holder(JobRow.of(row), row.getString("fingerprint")),
        tenant,
        key.key());
  }

  static void hold(Sql sql, Idempotency key, JobRow job) throws SQLException {
    sql.update(
        "INSERT INTO job_keys (tenant, key, fingerprint, job) VALUES (?, ?, ?, ?)",
        job.tenant,
        key.key(),
        key.fingerprint(),
        job.n);
  }

  // --- the log

  /** Stores an event unless it is stored already. */
  static void log(Sql sql, JobRow job, long seq, String type, String data) throws SQLException {
    sql.update(
        "INSERT OR IGNORE INTO job_log (job, fence, seq, type, data) VALUES (?, ?, ?, ?, ?)",
        job.n,
        job.fence,
        seq,
        type,
        data);
  }

  static void log(Sql sql, JobRow job, long seq, JobEvent event) throws SQLException {
    log(sql, job, seq, EventCodec.type(event), EventCodec.data(event));
  }

  /** The number after the last event of the current fence. */
  static long nextSeq(Sql sql, JobRow job) throws SQLException {
    return sql.first(
            "SELECT coalesce(max(seq) + 1, 0) FROM job_log WHERE job = ? AND fence = ?",
            row -> row.getLong(1),
            job.n,
            job.fence)
        .orElseThrow();
  }
}
