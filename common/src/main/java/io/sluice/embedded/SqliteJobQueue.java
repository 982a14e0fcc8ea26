package io.sluice.embedded;

import io.sluice.Delivery;
import io.sluice.JobMessage;
import io.sluice.JobQueue;
import io.sluice.Lane;
import io.sluice.Pool;
import io.sluice.Unavailable;
import io.sluice.codec.CodecException;
import io.sluice.codec.JobCodec;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lanes as rows. A message that somebody holds is marked, until it is settled or that one dies. */
final class SqliteJobQueue implements JobQueue {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteJobQueue.class);
  private static final Duration CONFIRM_MAX = Duration.ofSeconds(2);

  private final Database database;
  private final Set<String> lanes;
  private final InstantSource clock;

  /** No more than were handed out: each is here once, until it is handed out again. */
  private final Queue<Long> unsettled = new ConcurrentLinkedQueue<>();

  SqliteJobQueue(Database database, Collection<Pool> pools, InstantSource clock) {
    this.database = database;
    this.lanes =
        Stream.of(
                pools.stream().flatMap(pool -> Lane.of(pool).stream()),
                Stream.of(Lane.Aside.values()),
                Stream.of(Lane.Delay.values()))
            .flatMap(kind -> kind)
            .map(Lane::label)
            .collect(Collectors.toUnmodifiableSet());
    this.clock = clock;
  }

  @Override
  public Future<Publish> publish(Lane lane, JobMessage message) {
    Lane leadsTo = leadsTo(lane, message);
    if (!lanes.contains(leadsTo.label())) {
      return Future.succeededFuture(Publish.REFUSED);
    }
    long due = lane instanceof Lane.Delay rung ? clock.millis() + rung.waits().toMillis() : 0;
    return Encoding.of(message.job(), () -> JobCodec.write(message))
        .compose(
            body ->
                database.write(
                    sql -> {
                      MessageTable.insert(sql, leadsTo, due, message.attempt(), body);
                      return Publish.CONFIRMED;
                    }))
        .timeout(CONFIRM_MAX.toMillis(), TimeUnit.MILLISECONDS)
        .recover(SqliteJobQueue::unconfirmed);
  }

  private static Lane leadsTo(Lane lane, JobMessage message) {
    return lane instanceof Lane.Delay
        ? new Lane.Retry(message.job().pool(), message.job().jobClass())
        : lane;
  }

  /** Without a cause the database never saw the message; with one nobody knows. */
  private static Future<Publish> unconfirmed(Throwable why) {
    if (why instanceof Unavailable unavailable) {
      return Future.succeededFuture(
          unavailable.getCause() == null ? Publish.REFUSED : Publish.UNKNOWN);
    }
    return why instanceof TimeoutException
        ? Future.succeededFuture(Publish.UNKNOWN)
        : Future.failedFuture(why);
  }

  @Override
  public Future<Optional<Delivery>> pull(Lane lane) {
    List<Long> back = new ArrayList<>();
    return database
        .write(
            sql -> {
              bringBack(sql, back);
              return MessageTable.take(sql, lane, clock.millis());
            })
        .onFailure(why -> unsettled.addAll(back))
        .compose(
            taken ->
                taken.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : deliver(lane, taken.get()));
  }

  /** Only the one who writes takes them, so that nobody releases what was handed out anew. */
  private void bringBack(Sql sql, List<Long> back) throws SQLException {
    for (Long n = unsettled.poll(); n != null; n = unsettled.poll()) {
      back.add(n);
      MessageTable.release(sql, n);
    }
  }

  private Future<Optional<Delivery>> deliver(Lane lane, MessageTable.Taken taken) {
    try {
      JobMessage message =
          new JobMessage(JobCodec.readMessage(taken.body()).job(), taken.attempt());
      return Future.succeededFuture(
          Optional.of(new SqliteDelivery(holding(), taken, message, lane)));
    } catch (CodecException e) {
      LOG.warn("Message {} of lane {} cannot be read and is put aside", taken.n(), lane.label(), e);
      return database
          .<Void>write(
              sql -> {
                MessageTable.putAsideUnreadable(sql, taken.n(), e.getMessage());
                return null;
              })
          .compose(aside -> pull(lane));
    }
  }

  private SqliteDelivery.Holding holding() {
    return new SqliteDelivery.Holding(database, clock, unsettled);
  }

  @Override
  public Future<Long> waiting(Lane lane) {
    return database.read(sql -> MessageTable.waiting(sql, lane, clock.millis()));
  }
}
