package io.sluice.embedded;

import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.JobId;
import io.sluice.JobState;
import io.sluice.Leases;
import io.sluice.Step;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Leases as columns of the job's row. */
final class SqliteLeases implements Leases {
  private static final String REQUEUED = "requeued";
  private static final String FINISHED = "finished";

  private final Database database;
  private final Watchers<JobId> watchers;
  private final InstantSource clock;

  SqliteLeases(Database database, Watchers<JobId> watchers, InstantSource clock) {
    this.database = database;
    this.watchers = watchers;
    this.clock = clock;
  }

  @Override
  public Future<Claim> claim(Request request) {
    return database
        .write(sql -> new Claiming(sql, request, clock.millis()).decide())
        .onSuccess(claim -> watchers.wake(request.message().job().id()));
  }

  @Override
  public Future<Renewal> renew(Lease lease) {
    return database.write(
        sql -> {
          Optional<JobRow> job = JobTable.find(sql, lease.id());
          if (job.isEmpty()) {
            return Renewal.GONE;
          }
          return isHolder(job.get(), lease) ? renew(sql, job.get()) : Renewal.FENCED;
        });
  }

  private Renewal renew(Sql sql, JobRow job) throws SQLException {
    job.leasedUntil = clock.millis() + LENGTH.toMillis();
    sql.update(
        "UPDATE jobs SET leased_until = ?, due = ? WHERE n = ?", job.leasedUntil, job.due(), job.n);
    return job.state == JobState.CANCELLING ? Renewal.CANCELLING : Renewal.RENEWED;
  }

  private static boolean isHolder(JobRow job, Lease lease) {
    return job.isHeld() && job.fence == lease.fence();
  }

  @Override
  public Future<Settled> requeue(Lease lease, Instant notBefore, Failure why) {
    return settle(lease, REQUEUED, (sql, job) -> requeue(sql, job, notBefore, why.code()));
  }

  private void requeue(Sql sql, JobRow job, Instant notBefore, FailureCode why)
      throws SQLException {
    switch (why.blame()) {
      case JOB -> job.failures++;
      case SUSPECT -> job.losses++;
      case INFRASTRUCTURE -> {}
    }
    if (job.state == JobState.CANCELLING) {
      Endings.fromOutside(sql, job, Endings.CANCELLED, clock.millis());
      return;
    }
    Endings.leave(sql, job, clock.millis());
    job.state = JobState.QUEUED;
    job.raiseFence(clock.millis());
    job.notBefore = notBefore.toEpochMilli();
    job.reason = why.wireName();
    job.nonce = null;
    job.leasedUntil = null;
    job.step(new Step.Failed(clock.instant(), why.wireName(), notBefore));
    JobTable.save(sql, job);
  }

  @Override
  public Future<Settled> finish(Lease lease, Ending ending) {
    List<JobId> answered = new ArrayList<>();
    return settle(
            lease,
            FINISHED,
            (sql, job) -> {
              Endings.end(sql, job, ending, clock.millis());
              answered.addAll(new Answers(sql, clock.millis()).ended(job, ending));
            })
        .onSuccess(settled -> answered.forEach(watchers::wake));
  }

  private interface Settlement {
    void write(Sql sql, JobRow job) throws SQLException;
  }

  /** What a holder does last; the same call again is known by the fence that it settled. */
  private Future<Settled> settle(Lease lease, String as, Settlement settlement) {
    return database
        .write(
            sql -> {
              Optional<JobRow> found = JobTable.find(sql, lease.id());
              if (found.isEmpty()) {
                return Settled.GONE;
              }
              JobRow job = found.get();
              if (as.equals(job.settledAs) && lease.fence() == job.settledFence) {
                return Settled.WRITTEN;
              }
              if (!isHolder(job, lease)) {
                return Settled.FENCED;
              }
              job.settledAs = as;
              job.settledFence = lease.fence();
              settlement.write(sql, job);
              return Settled.WRITTEN;
            })
        .onSuccess(settled -> watchers.wake(lease.id()));
  }
}
