package io.sluice.embedded;

import io.sluice.Ending;
import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.JobStore;
import io.sluice.Step;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The records of jobs in SQLite. */
final class SqliteJobStore implements JobStore {
  private final Database database;
  private final Watchers<JobId> watchers;
  private final InstantSource clock;

  SqliteJobStore(Database database, Watchers<JobId> watchers, InstantSource clock) {
    this.database = database;
    this.watchers = watchers;
    this.clock = clock;
  }

  @Override
  public Future<Lookup> find(JobId id, Optional<String> owner) {
    return database
        .read(sql -> load(sql, id, owner))
        .map(
            found ->
                found
                    .<Lookup>map(job -> new Lookup.Found(job.record()))
                    .orElseGet(Lookup.Absent::new));
  }

  private static Optional<StoredJob> load(Sql sql, JobId id, Optional<String> owner)
      throws SQLException {
    Optional<JobRow> row =
        owner.isPresent() ? JobTable.find(sql, id, owner.get()) : JobTable.find(sql, id);
    return row.isPresent() ? Optional.of(StoredJob.load(sql, row.get())) : Optional.empty();
  }

  @Override
  public Future<Page> list(Query query) {
    return database.read(sql -> JobPages.read(sql, query)).map(JobPages.Stored::page);
  }

  @Override
  public Future<Cancellation> cancel(JobId id) {
    return database
        .write(sql -> cancel(sql, id))
        .onSuccess(done -> watchers.wake(id))
        .map(
            done ->
                done.map(Cancelled::answer)
                    .orElseGet(() -> new Cancellation.Unknown(new Lookup.Absent())));
  }

  private record Cancelled(StoredJob job, Function<JobRecord, Cancellation> as) {
    private Cancellation answer() {
      return as.apply(job.record());
    }
  }

  private Optional<Cancelled> cancel(Sql sql, JobId id) throws SQLException {
    Optional<JobRow> found = JobTable.find(sql, id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    JobRow job = found.get();
    Function<JobRecord, Cancellation> answer =
        switch (job.state) {
          case QUEUED -> {
            Endings.fromOutside(sql, job, Endings.CANCELLED, clock.millis());
            yield Cancellation.Cancelled::new;
          }
          case IN_PROGRESS -> {
            job.state = JobState.CANCELLING;
            job.step(new Step.CancelAsked(clock.instant()));
            JobTable.save(sql, job);
            yield Cancellation.Cancelling::new;
          }
          case CANCELLING -> Cancellation.Cancelling::new;
          case COMPLETED, INCOMPLETE, FAILED, CANCELLED, EXPIRED -> Cancellation.AlreadyEnded::new;
        };
    return Optional.of(new Cancelled(StoredJob.load(sql, job), answer));
  }

  @Override
  public Future<Boolean> end(JobId id, Ending ending) {
    return database
        .write(
            sql -> {
              Optional<JobRow> job =
                  JobTable.find(sql, id).filter(found -> !found.state.isTerminal());
              if (job.isPresent()) {
                Endings.fromOutside(sql, job.get(), ending, clock.millis());
              }
              return job.isPresent();
            })
        .onSuccess(ended -> watchers.wake(id));
  }

  @Override
  public Future<List<Ended>> sweep(int limit) {
    return database
        .write(sql -> sweep(sql, limit, clock.millis()))
        .onSuccess(swept -> swept.forEach(ended -> watchers.wake(ended.id())));
  }

  private static List<Ended> sweep(Sql sql, int limit, long now) throws SQLException {
    List<Ended> swept = new ArrayList<>();
    List<JobRow> due =
        sql.all("SELECT * FROM jobs WHERE due <= ? ORDER BY due LIMIT ?", JobRow::of, now, limit);
    for (JobRow job : due) {
      if (job.state.isTerminal()) {
        JobTable.delete(sql, job);
      } else {
        Endings.fromOutside(sql, job, overdue(job, now), now);
        swept.add(new Ended(job.id, job.state));
      }
    }
    swept.addAll(answered(sql, limit));
    return swept;
  }

  private static List<Ended> answered(Sql sql, int limit) throws SQLException {
    return sql.all(
        """
        DELETE FROM answered WHERE n IN (SELECT n FROM answered ORDER BY n LIMIT ?)
        RETURNING job, tokens
        """,
        row -> new Ended(new JobId(row.getString(1)), JobState.COMPLETED, row.getInt(2)),
        limit);
  }

  /** How a job ends whose time is over, in the way that {@link JobRow#due} counts it. */
  private static Ending overdue(JobRow job, long now) {
    if (job.state == JobState.CANCELLING) {
      return Endings.CANCELLED;
    }
    return job.isPastStart(now) && job.finishBy > now ? new Ending.Expired() : Endings.LOST;
  }
}
