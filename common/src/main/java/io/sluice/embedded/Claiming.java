package io.sluice.embedded;

import io.sluice.Ending;
import io.sluice.Idempotency;
import io.sluice.Job;
import io.sluice.JobEvent;
import io.sluice.JobState;
import io.sluice.Leases;
import io.sluice.Leases.Claim;
import io.sluice.Leases.Lease;
import io.sluice.Sharing;
import io.sluice.Step;
import io.sluice.WebhookDelivery;
import io.sluice.codec.JobCodec;
import io.sluice.codec.SharingCodec;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One claim on its way through the rules of {@link Leases#claim}, in their order. */
final class Claiming {
  private final Sql sql;
  private final Leases.Request request;
  private final Job job;
  private final long now;

  Claiming(Sql sql, Leases.Request request, long now) {
    this.sql = sql;
    this.request = request;
    this.job = request.message().job();
    this.now = now;
  }

  Claim decide() throws SQLException {
    Optional<JobRow> found = JobTable.find(sql, job.id());
    if (found.isPresent()) {
      return decide(found.get());
    }
    return job.finishBy().toEpochMilli() <= now ? new Claim.Over(JobState.FAILED) : restore();
  }

  private Claim decide(JobRow row) throws SQLException {
    if (row.isHeld() && request.nonce().equals(row.nonce)) {
      return granted(row);
    }
    if (row.state.isTerminal()) {
      return new Claim.Over(row.state);
    }
    if (row.isLeased(now)) {
      return new Claim.Held(row.worker, Duration.ofMillis(row.leasedUntil - now));
    }
    Optional<Ending> overdue = overdue(row);
    if (overdue.isPresent()) {
      return over(row, overdue.get());
    }
    if (row.state == JobState.QUEUED && row.notBefore != null && row.notBefore > now) {
      return new Claim.NotYet(Instant.ofEpochMilli(row.notBefore));
    }
    Optional<Sharing> sharing = Optional.ofNullable(row.sharing).flatMap(SharingCodec::read);
    if (sharing.isPresent()) {
      Optional<Claim> shared = share(row, sharing.get());
      if (shared.isPresent()) {
        return shared.get();
      }
    }
    if (row.state == JobState.IN_PROGRESS) {
      row.losses++;
      row.reason = "worker_lost";
      row.step(new Step.LeaseLost(Instant.ofEpochMilli(row.leasedUntil), row.worker));
      if (row.losses >= Leases.MAX_LOSSES) {
        return over(row, Endings.POISON);
      }
    }
    if (sharing.isPresent()) {
      answers().lead(row, sharing.get());
    }
    row.attempt++;
    return start(row, request.continued());
  }

  /** Whether another job runs, or ran, for this one. */
  private Optional<Claim> share(JobRow row, Sharing sharing) throws SQLException {
    Optional<Answers.Answer> answer = answers().find(sharing);
    if (answer.isPresent()) {
      Spent.resume(sql, row.n, now);
      answers().answerJoined(row, answer.get());
      return Optional.of(new Claim.Over(row.state));
    }
    return answers().waits(row, sharing).map(Claim.NotYet::new);
  }

  private Answers answers() {
    return new Answers(sql, now);
  }

  private Optional<Ending> overdue(JobRow row) {
    if (row.state == JobState.CANCELLING) {
      return Optional.of(Endings.CANCELLED);
    }
    if (row.finishBy <= now) {
      return Optional.of(Endings.LOST);
    }
    return row.isPastStart(now) ? Optional.of(new Ending.Expired()) : Optional.empty();
  }

  private Claim over(JobRow row, Ending ending) throws SQLException {
    Endings.fromOutside(sql, row, ending, now);
    return new Claim.Ended(row.state);
  }

  private Claim restore() throws SQLException {
    Optional<JobTable.Holder> holder =
        job.idempotency().isEmpty()
            ? Optional.empty()
            : JobTable.holder(sql, job.tenant(), job.idempotency().get());
    JobRow row = JobTable.insert(sql, job, JobCodec.write(job), now);
    row.published = true;
    row.attempt = request.message().attempt();
    row.reason = "record_lost";
    row.step(new Step.Restored(Instant.ofEpochMilli(now)));
    if (holder.isPresent()) {
      return over(row, Endings.SUPERSEDED);
    }
    if (job.idempotency().isPresent()) {
      Idempotency key = job.idempotency().get();
      JobTable.hold(sql, key, row);
    }
    if (!request.continued()) {
      return decide(row);
    }
    row.attempt = Math.max(1, row.attempt);
    return start(row, true);
  }

  private Claim start(JobRow row, boolean reset) throws SQLException {
    Spent.resume(sql, row.n, now);
    Load.starts(sql, row, now);
    Places.start(sql, row, now);
    begin(row);
    Optional<Step.Turn> turn = Turns.take(sql, row, now);
    row.state = JobState.IN_PROGRESS;
    row.raiseFence(now);
    row.notBefore = null;
    row.startedAt = row.startedAt == null ? Long.valueOf(now) : row.startedAt;
    row.worker = request.worker();
    row.nonce = request.nonce();
    row.leasedUntil = now + Leases.LENGTH.toMillis();
    row.step(new Step.Started(Instant.ofEpochMilli(now), row.attempt, row.worker, turn));
    JobTable.log(sql, row, 0, first(row, reset));
    JobTable.save(sql, row);
    return granted(row);
  }

  /** What the forecasts learn of it. */
  private void begin(JobRow row) throws SQLException {
    if (!row.isHeld() && row.isCounted()) {
      PoolMeter.change(sql, row.pool, meter -> meter.begins(now));
    }
    if (row.attempt == 1) {
      Experience.starts(sql, row, now);
    }
  }

  private static JobEvent first(JobRow row, boolean reset) {
    if (row.attempt == 1 && !reset) {
      return new JobEvent.Start(1);
    }
    return new JobEvent.Reset(row.attempt, row.reason == null ? "record_lost" : row.reason);
  }

  /** The message carries the same job as the record, so that need not be read. */
  private Claim granted(JobRow row) {
    return new Claim.Granted(
        new Lease(row.id, row.worker, row.fence),
        row.record(job, Optional.empty(), job.webhook().map(url -> WebhookDelivery.OWED_LATER)));
  }
}
