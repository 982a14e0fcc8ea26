package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.Cached;
import io.sluice.Idempotency;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.Lane;
import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.Step;
import io.sluice.Ticket;
import io.sluice.codec.JobCodec;
import io.sluice.codec.StepCodec;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Admission as one transaction. */
final class SqliteAdmission implements Admission {
  private final Database database;
  private final Limits fallback;
  private final Duration waitTarget;
  private final InstantSource clock;

  SqliteAdmission(Database database, Bounds bounds, InstantSource clock) {
    this.database = database;
    this.fallback = bounds.limits();
    this.waitTarget = bounds.waitTarget();
    this.clock = clock;
  }

  /** What was decided inside the transaction; a replayed record is decoded after it. */
  private record Verdict(Decision decision, Optional<StoredJob> stored) {
    private Verdict(Decision decision) {
      this(decision, Optional.empty());
    }

    private Decision read() {
      return stored.map(job -> of(job.record())).orElse(decision);
    }

    private Decision of(JobRecord record) {
      return decision instanceof Decision.Admitted admitted
          ? new Decision.Answered(admitted.standing(), record)
          : new Decision.Replayed(record);
    }
  }

  @Override
  public Future<Decision> admit(Entry entry) {
    Job job = entry.job();
    Limits limits = entry.limits().or(fallback);
    return Encoding.of(job, () -> JobCodec.write(job))
        .compose(body -> database.write(sql -> decide(sql, entry, limits, body)))
        .map(Verdict::read);
  }

  private Verdict decide(Sql sql, Entry entry, Limits limits, String body) throws SQLException {
    Job job = entry.job();
    Optional<JobRow> before = JobTable.find(sql, job.id());
    if (before.isPresent()) {
      return again(sql, entry, limits, before.get());
    }
    Optional<JobTable.Holder> holder = holder(sql, job);
    if (holder.isPresent()) {
      return replay(sql, holder.get(), job.idempotency().orElseThrow());
    }
    long now = clock.millis();
    Spent.forget(sql, now);
    Optional<Answers.Answer> known = known(sql, entry, now);
    if (known.isPresent()) {
      return answer(sql, entry, limits, body, known.get());
    }
    Squeeze squeeze = isWatched() ? Squeeze.of(sql, job, waitTarget, now) : Squeeze.NONE;
    Assessment assessment = new Assessment(sql, job, limits, squeeze, now);
    if (assessment.refuses()) {
      return new Verdict(new Decision.Refused(assessment.standing()));
    }
    Standing standing = assessment.standing();
    JobRow row = add(sql, job, body);
    Places.take(sql, row);
    sql.update("UPDATE jobs SET placed = 1 WHERE n = ?", row.n);
    if (entry.sharing().isPresent()) {
      new Answers(sql, now).join(row, entry.sharing().get());
    }
    line(sql, row, entry, now);
    Turns.come(sql, row, limits.enforced(Limit.TENANT_RUNNING_JOBS), now);
    assessment.charge(row);
    row.step(new Step.Admitted(Instant.ofEpochMilli(now), standing.delay()));
    sql.update("UPDATE jobs SET steps = ? WHERE n = ?", row.steps, row.n);
    if (isWatched()
        && job.jobClass() == JobClass.INTERACTIVE
        && !waitsForItsTenant(sql, row, limits)) {
      Places.takeStart(sql, row, now + standing.delay().toMillis());
    }
    return new Verdict(new Decision.Admitted(standing, ticket(row)));
  }

  /** The same answer for a job that was admitted before. */
  private Verdict again(Sql sql, Entry entry, Limits limits, JobRow row) throws SQLException {
    long now = clock.millis();
    if (row.cached != null) {
      Assessment assessment = Assessment.ofAnswered(sql, entry.job(), limits, now);
      Decision answered = new Decision.Admitted(assessment.standingOf(row), ticket(row));
      return new Verdict(answered, Optional.of(StoredJob.load(sql, row)));
    }
    Assessment assessment = new Assessment(sql, entry.job(), limits, Squeeze.NONE, now);
    return new Verdict(new Decision.Admitted(assessment.standingOf(row), ticket(row)));
  }

  private static Optional<Answers.Answer> known(Sql sql, Entry entry, long now)
      throws SQLException {
    return entry.sharing().isPresent()
        ? new Answers(sql, now).find(entry.sharing().get())
        : Optional.empty();
  }

  /** Admits a job and completes it. */
  private Verdict answer(Sql sql, Entry entry, Limits limits, String body, Answers.Answer known)
      throws SQLException {
    long now = clock.millis();
    Assessment assessment = Assessment.ofAnswered(sql, entry.job(), limits, now);
    if (assessment.refuses()) {
      return new Verdict(new Decision.Refused(assessment.standing()));
    }
    Standing standing = assessment.standing();
    JobRow row = add(sql, entry.job(), body);
    row.published = true;
    assessment.charge(row);
    row.step(new Step.Admitted(Instant.ofEpochMilli(now), Duration.ZERO));
    new Answers(sql, now).answer(row, known, Cached.How.HIT);
    return new Verdict(
        new Decision.Admitted(standing, ticket(row)), Optional.of(StoredJob.load(sql, row)));
  }

  /** Whether its tenant has as many jobs that run or are next as may run: the rest say no load. */
  private static boolean waitsForItsTenant(Sql sql, JobRow row, Limits limits) throws SQLException {
    OptionalLong most = limits.enforced(Limit.TENANT_RUNNING_JOBS);
    return most.isPresent()
        && JobTable.running(sql, row.tenant) + Places.startingJobs(sql, row.pool, row.tenant)
            >= most.getAsLong();
  }

  private static void line(Sql sql, JobRow row, Entry entry, long now) throws SQLException {
    int number = Numbers.enter(sql, row, entry.weight());
    Queues.enter(sql, row, number, Numbers.weight(sql, row, number), now);
    if (entry.forecast().isPresent()) {
      Experience.tell(sql, row, entry.forecast().get(), now);
    }
  }

  /** A row of an older version has none. */
  private static Ticket ticket(JobRow row) {
    return row.ticket == null ? new Ticket(Lane.shared(row.tenant), 0, 0) : row.ticket;
  }

  private boolean isWatched() {
    return waitTarget.isPositive();
  }

  @Override
  public Future<Optional<Decision>> replay(Job job) {
    return database
        .write(
            sql -> {
              Optional<JobTable.Holder> holder = holder(sql, job);
              return holder.isEmpty()
                  ? Optional.<Verdict>empty()
                  : Optional.of(replay(sql, holder.get(), job.idempotency().orElseThrow()));
            })
        .map(verdict -> verdict.map(Verdict::read));
  }

  private static Optional<JobTable.Holder> holder(Sql sql, Job job) throws SQLException {
    return job.idempotency().isEmpty()
        ? Optional.empty()
        : JobTable.holder(sql, job.tenant(), job.idempotency().get());
  }

  private static Verdict replay(Sql sql, JobTable.Holder holder, Idempotency key)
      throws SQLException {
    Decision reused = new Decision.KeyReused(holder.job().id);
    if (!holder.fingerprint().equals(key.fingerprint())) {
      return new Verdict(reused);
    }
    // Who asks may publish it: from here on no undo, however late, takes it away.
    if (!holder.job().published) {
      sql.update("UPDATE jobs SET replayed = 1 WHERE n = ?", holder.job().n);
    }
    return new Verdict(reused, Optional.of(StoredJob.load(sql, holder.job())));
  }

  private JobRow add(Sql sql, Job job, String body) throws SQLException {
    JobRow row = JobTable.insert(sql, job, body, clock.millis());
    if (job.idempotency().isPresent()) {
      JobTable.hold(sql, job.idempotency().get(), row);
    }
    return row;
  }

  @Override
  public Future<Void> published(Collection<JobId> ids) {
    List<JobId> marked = List.copyOf(ids);
    return database.write(
        sql -> {
          String step = StepCodec.write(new Step.Published(Instant.ofEpochMilli(clock.millis())));
          for (JobId id : marked) {
            sql.update(
                """
                UPDATE jobs SET steps = CASE published WHEN 0 THEN steps || ? ELSE steps END,
                  published = 1
                WHERE id = ?
                """,
                step,
                id.value());
          }
          return null;
        });
  }

  @Override
  public Future<Void> undo(JobId id) {
    return database.write(
        sql -> {
          Optional<JobRow> job = JobTable.find(sql, id).filter(SqliteAdmission::isUntouched);
          if (job.isPresent()) {
            Smoothing.giveBack(sql, job.get().n);
            Spent.refund(sql, job.get().n);
            Places.release(sql, job.get(), clock.millis());
            JobTable.delete(sql, job.get());
          }
          return null;
        });
  }

  private static boolean isUntouched(JobRow job) {
    return !job.published && !job.replayed && job.state == JobState.QUEUED && job.attempt == 0;
  }

  @Override
  public Future<Integer> refundUnpublished(Duration age, int limit) {
    long before = clock.instant().minus(age).toEpochMilli();
    return database.write(
        sql -> {
          List<JobRow> jobs =
              sql.all(
                  """
                  SELECT * FROM jobs WHERE published = 0 AND placed = 1 AND admitted_at <= ?
                  ORDER BY admitted_at LIMIT ?
                  """,
                  JobRow::of,
                  before,
                  limit);
          for (JobRow job : jobs) {
            Smoothing.forget(sql, job.n);
            Spent.suspend(sql, job.n);
            Places.release(sql, job, clock.millis());
            JobTable.save(sql, job);
          }
          return jobs.size();
        });
  }
}
