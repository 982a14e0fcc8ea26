package io.sluice.embedded;

import io.sluice.Ending;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.Step;
import io.sluice.Ticket;
import io.sluice.WebhookDelivery;
import io.sluice.codec.SharingCodec;
import io.sluice.forecast.Told;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A row of the table of jobs in the hands of one transaction: read, changed, saved. Times are
 * milliseconds, null where there is none.
 */
final class JobRow {
  /** How long a record lives after the later of its end and its {@code finish_by}. */
  static final Duration LIFE = Duration.ofHours(24);

  final long n;
  final JobId id;
  final String tenant;
  final long startBy;
  final long finishBy;
  JobState state = JobState.QUEUED;
  boolean published;

  /** Whether its submission was repeated, by somebody who may publish it. */
  boolean replayed;

  /** Whether it takes one of the places of waiting jobs. */
  boolean placed;

  /** What it may cost at most. */
  int tokens;

  /** Its pool and class, in words; null where an older version wrote the row. */
  String pool;

  String jobClass;

  /** What it will probably cost, in virtual tokens. */
  long cost;

  /** Where it came in; null where nobody counted it. */
  Ticket ticket;

  /** When it came in; null where nobody counted it. */
  Mark came;

  /** How many jobs of its lane were before it then. */
  long ahead;

  /** How many jobs of its tenant might run then; null where any number. */
  Long runningMax;

  /** What was foretold of its wait, and from when on; null where nothing was. */
  Told told;

  long toldFrom;

  /** Since when it could have its first slot; null where it does not wait for it. */
  Long starting;

  int attempt;
  int failures;
  int losses;
  long fence;
  Long notBefore;
  Long startedAt;
  Long endedAt;

  /** Where its webhook leads to; null where it has none. */
  String origin;

  /** From when its life counts, for the sake of its webhook; null where that does not matter. */
  Long keptFrom;

  String worker;
  String nonce;
  Long leasedUntil;

  /** The fence of the last lease that its holder settled, and by which call. */
  Long settledFence;

  String settledAs;

  /** Why there has to be another attempt. */
  String reason;

  /** Its history, as {@link Steps} writes it. */
  String steps = "";

  /** With whom it shares its answer, in words; null for nobody. */
  String sharing;

  /** Whether it has waited for another job's answer when its turn came. */
  boolean joined;

  /** How it was answered, in words; null for one that ran, or has not ended. */
  String cached;

  JobRow(long n, JobId id, String tenant, long startBy, long finishBy) {
    this.n = n;
    this.id = id;
    this.tenant = tenant;
    this.startBy = startBy;
    this.finishBy = finishBy;
  }

  static JobRow of(ResultSet row) throws SQLException {
    JobRow job =
        new JobRow(
            row.getLong("n"),
            new JobId(row.getString("id")),
            row.getString("tenant"),
            row.getLong("start_by"),
            row.getLong("finish_by"));
    job.state = JobState.ofWireName(row.getString("state"));
    job.published = row.getBoolean("published");
    job.replayed = row.getBoolean("replayed");
    job.placed = row.getBoolean("placed");
    job.tokens = row.getInt("tokens");
    job.pool = row.getString("pool");
    job.jobClass = row.getString("class");
    job.cost = row.getLong("cost");
    job.ticket = ticket(row);
    job.came = Mark.parse(row.getString("came"));
    job.ahead = row.getLong("ahead");
    job.runningMax = number(row, "running_max");
    job.told = told(row);
    job.toldFrom = row.getLong("told_from");
    job.starting = number(row, "starting");
    job.attempt = row.getInt("attempt");
    job.failures = row.getInt("failures");
    job.losses = row.getInt("losses");
    job.fence = row.getLong("fence");
    job.notBefore = number(row, "not_before");
    job.startedAt = number(row, "started_at");
    job.endedAt = number(row, "ended_at");
    job.origin = row.getString("origin");
    job.keptFrom = number(row, "kept_from");
    job.worker = row.getString("worker");
    job.nonce = row.getString("nonce");
    job.leasedUntil = number(row, "leased_until");
    job.settledFence = number(row, "settled_fence");
    job.settledAs = row.getString("settled_as");
    job.reason = row.getString("reason");
    job.steps = row.getString("steps");
    job.sharing = row.getString("sharing");
    job.joined = row.getBoolean("joined");
    job.cached = row.getString("cached");
    return job;
  }

  private static Ticket ticket(ResultSet row) throws SQLException {
    int lane = row.getInt("lane");
    return row.wasNull()
        ? null
        : new Ticket(lane, row.getLong("jobs_before"), row.getLong("tokens_before"));
  }

  private static Told told(ResultSet row) throws SQLException {
    double median = row.getDouble("told_median");
    return row.wasNull() ? null : new Told(median, row.getDouble("told_ninety"));
  }

  private static Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  /** Whether its pool knows of it. */
  boolean isCounted() {
    return jobClass != null;
  }

  boolean isHeld() {
    return state == JobState.IN_PROGRESS || state == JobState.CANCELLING;
  }

  boolean isLeased(long now) {
    return isHeld() && leasedUntil > now;
  }

  boolean isPastStart(long now) {
    return state == JobState.QUEUED && attempt == 0 && startBy <= now;
  }

  /** When somebody has to look at it again, if nothing happens before. */
  long due() {
    return switch (state) {
      case QUEUED -> attempt == 0 ? Math.min(startBy, finishBy) : finishBy;
      case IN_PROGRESS -> finishBy;
      case CANCELLING -> Math.min(leasedUntil, finishBy);
      case COMPLETED, INCOMPLETE, FAILED, CANCELLED, EXPIRED ->
          Math.max(keptFrom == null ? endedAt : keptFrom, finishBy) + LIFE.toMillis();
    };
  }

  /** Adds a step to its history; the row is still to be saved. */
  void step(Step step) {
    steps = Steps.with(steps, step);
  }

  /** Fences grow even after a loss of all records, since time does. */
  void raiseFence(long now) {
    fence = Math.max(fence + 1, now);
  }

  JobRecord record(Job job, Optional<Ending> ending, Optional<WebhookDelivery> webhook) {
    return new JobRecord(
        job,
        state,
        published,
        attempt,
        failures,
        losses,
        fence,
        instant(notBefore),
        instant(startedAt),
        instant(endedAt),
        ending,
        Optional.ofNullable(ticket),
        webhook,
        Optional.ofNullable(cached).flatMap(SharingCodec::readCached));
  }

  private static Optional<Instant> instant(Long time) {
    return Optional.ofNullable(time).map(Instant::ofEpochMilli);
  }
}
