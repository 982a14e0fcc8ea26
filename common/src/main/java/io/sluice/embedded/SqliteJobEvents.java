package io.sluice.embedded;

import io.sluice.JobEvent;
import io.sluice.JobEvents;
import io.sluice.JobId;
import io.sluice.JobState;
import io.sluice.Leases;
import io.sluice.LoggedEvent;
import io.sluice.Position;
import io.sluice.Subscription;
import io.sluice.codec.EventCodec;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The log as rows; whoever watches is woken after the commit. */
final class SqliteJobEvents implements JobEvents {
  private final Database database;
  private final Watchers<JobId> watchers;

  SqliteJobEvents(Database database, Watchers<JobId> watchers) {
    this.database = database;
    this.watchers = watchers;
  }

  private record Line(String type, String data) {
    private static Line of(JobEvent event) {
      return new Line(EventCodec.type(event), EventCodec.data(event));
    }
  }

  @Override
  public Future<Append> append(Leases.Lease lease, long firstSeq, List<JobEvent> events) {
    List<Line> lines = events.stream().map(Line::of).toList();
    return database
        .write(sql -> append(sql, lease, firstSeq, lines))
        .onSuccess(stored -> watchers.wake(lease.id()));
  }

  private static Append append(Sql sql, Leases.Lease lease, long firstSeq, List<Line> lines)
      throws SQLException {
    Optional<JobRow> found = JobTable.find(sql, lease.id());
    if (found.isEmpty()) {
      return Append.GONE;
    }
    JobRow job = found.get();
    if (!job.isHeld() || job.fence != lease.fence()) {
      return Append.FENCED;
    }
    long seq = firstSeq;
    for (Line line : lines) {
      JobTable.log(sql, job, seq++, line.type(), line.data());
    }
    return job.state == JobState.CANCELLING ? Append.CANCELLING : Append.STORED;
  }

  @Override
  public Future<List<LoggedEvent>> read(JobId id, Position after, int limit) {
    return database.read(
        sql ->
            sql.all(
                """
                SELECT fence, seq, type, data FROM job_log
                WHERE job = (SELECT n FROM jobs WHERE id = ?) AND (fence, seq) > (?, ?)
                ORDER BY fence, seq LIMIT ?
                """,
                row ->
                    new LoggedEvent(
                        new Position(row.getLong("fence"), row.getLong("seq")),
                        EventCodec.read(row.getString("type"), row.getString("data"))),
                id.value(),
                after.fence(),
                after.seq(),
                limit));
  }

  @Override
  public Subscription watch(JobId id, Runnable wake) {
    return watchers.watch(List.of(id), wake);
  }
}
