package io.sluice.embedded;

import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.Limit;
import java.sql.SQLException;
import java.time.Duration;

/**
 * How one job is held back under pressure. Tenants that asked for more than their share in the last
 * minute, refused or not, go first, and batch jobs with them; the others when the pressure is above
 * 1. A tenant that has nothing waiting or running is never held back.
 *
 * @param first whether its tenant goes first
 * @param part how far bounds go on their way to the fair share, 0 to 1
 */
record Squeeze(
    double pressure,
    boolean first,
    double part,
    Duration target,
    Started started,
    Waiting waiting) {
  static final Squeeze NONE =
      new Squeeze(0, false, 0, Duration.ZERO, new Started(0, 0, 1), new Waiting(0, 0, 0));

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final long RETRY_MIN_MS = 1000;
  private static final long RETRY_MAX_MS = 3_600_000;

  /** No bound of a minute becomes less than this part of it. */
  private static final int LEAST_PART = 10;

  /** What the pool started in the last minute, and the tenants that share it. */
  record Started(long jobs, long tokens, long tenants) {
    private long of(Limit limit) {
      return limit.unit() == Limit.Unit.TOKENS ? tokens : jobs;
    }
  }

  /** What waits for its first slot in the pool: of the tenant, and the jobs of all. */
  record Waiting(long jobs, long tokens, long allJobs) {}

  /** Brings the pressure of the job's pool up to date. */
  static Squeeze of(Sql sql, Job job, Duration target, long now) throws SQLException {
    String pool = job.pool().toString();
    double pressure = Load.look(sql, pool, target.toMillis(), now);
    Shares.ask(sql, job, now);
    Waiting waiting =
        new Waiting(
            Places.startingJobs(sql, pool, job.tenant()),
            Places.startingTokens(sql, pool, job.tenant()),
            Places.starting(sql, pool));
    boolean idle = waiting.jobs() == 0 && JobTable.running(sql, job.tenant()) == 0;
    if (pressure == 0 || idle) {
      return new Squeeze(pressure, false, 0, target, NONE.started(), waiting);
    }
    Started started =
        new Started(
            Shares.startedJobs(sql, pool, now).sum(),
            Shares.startedTokens(sql, pool, now).sum(),
            Shares.tenants(sql, pool));
    boolean first = job.jobClass() == JobClass.BATCH || Shares.isOver(sql, job, now);
    double part = first ? Math.min(1, pressure) : Math.max(0, pressure - 1);
    return new Squeeze(pressure, first, part, target, started, waiting);
  }

  boolean isFelt() {
    return part > 0;
  }

  /** The number of a limit per minute; others are not tightened. */
  long overTime(Limit limit, long bound, long cost) {
    if (!isFelt() || !limit.window().equals(MINUTE)) {
      return bound;
    }
    long least = Math.max(cost, Math.ceilDiv(bound, LEAST_PART));
    return tightened(bound, started.of(limit), least);
  }

  /** How much of a tenant may wait: as much as starts within the target (Little's law). */
  long waiting(Limit limit, long bound, long cost) {
    double inTarget = (double) started.of(limit) * target.toMillis() / MINUTE.toMillis();
    return tightened(bound, inTarget, cost);
  }

  /** How much of the tenant waits. */
  long waiting(Limit limit) {
    return limit.unit() == Limit.Unit.TOKENS ? waiting.tokens() : waiting.jobs();
  }

  /**
   * How long until so much of what waits of the tenant has started, at the last minute's pace; a
   * minute where there is none.
   */
  Duration untilStarted(Limit limit, long excess) {
    if (started.of(limit) == 0 || waiting.jobs() == 0) {
      return MINUTE;
    }
    double minutes = (double) excess * waiting.allJobs() / waiting.jobs() / started.of(limit);
    long ms = (long) Math.ceil(minutes * MINUTE.toMillis());
    return Duration.ofMillis(Math.clamp(ms, RETRY_MIN_MS, RETRY_MAX_MS));
  }

  /**
   * On a geometric way, so that each step weighs the same, to the tenant's fair share of what the
   * pool started. For those that go first it begins at all that the pool started, so that their
   * queue stops growing at once; for the others, and where nothing started, at the bound itself.
   */
  private long tightened(long bound, double wholePool, long least) {
    double from = first && wholePool > 0 ? Math.min(bound, Math.max(1, wholePool)) : bound;
    double fair = Math.max(1, wholePool / started.tenants());
    long number = (long) (Math.pow(from, 1 - part) * Math.pow(fair, part));
    return Math.min(bound, Math.max(least, number));
  }
}
