package io.sluice.embedded;

import io.sluice.Delivery;
import io.sluice.JobMessage;
import io.sluice.Lane;
import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;

/** A message that is marked as held, until it is settled. */
final class SqliteDelivery implements Delivery {
  private final Holding holding;
  private final MessageTable.Taken taken;
  private final JobMessage message;
  private final Lane lane;
  private final AtomicBoolean settled = new AtomicBoolean();

  SqliteDelivery(Holding holding, MessageTable.Taken taken, JobMessage message, Lane lane) {
    this.holding = holding;
    this.taken = taken;
    this.message = message;
    this.lane = lane;
  }

  /**
   * @param unsettled where messages go whose settlement failed, so that they come back
   */
  record Holding(Database database, InstantSource clock, Queue<Long> unsettled) {}

  @Override
  public JobMessage message() {
    return message;
  }

  @Override
  public Lane lane() {
    return lane;
  }

  @Override
  public boolean redelivered() {
    return taken.before();
  }

  private interface Settlement {
    void write(Sql sql) throws SQLException;
  }

  private Future<Void> settle(Settlement settlement) {
    if (!settled.compareAndSet(false, true)) {
      return Future.failedFuture(
          new IllegalStateException("the delivery of " + message.job().id() + " is settled"));
    }
    return holding
        .database()
        .write(
            sql -> {
              settlement.write(sql);
              return null;
            });
  }

  /** Asked once: when it fails nobody holds the message any more. */
  private Future<Void> settleForGood(Settlement settlement) {
    return settle(settlement)
        .onFailure(
            why -> {
              if (why instanceof Unavailable) {
                holding.unsettled().add(taken.n());
              }
            });
  }

  @Override
  public Future<Void> done() {
    return settleForGood(sql -> MessageTable.delete(sql, taken.n()));
  }

  /** The same row goes to another lane, so that there is no moment with two messages or none. */
  @Override
  public Future<Void> retry(int attempt, Duration after) {
    Lane retry = new Lane.Retry(message.job().pool(), message.job().jobClass());
    long due = holding.clock().millis() + after.toMillis();
    return settle(sql -> MessageTable.retry(sql, taken.n(), retry, due, attempt))
        .onFailure(this::reopen);
  }

  private void reopen(Throwable why) {
    if (!(why instanceof IllegalStateException)) {
      settled.set(false);
    }
  }

  @Override
  public Future<Void> dead(String reason) {
    return settleForGood(sql -> MessageTable.putAside(sql, taken.n(), reason));
  }

  @Override
  public Future<Void> release() {
    return settleForGood(sql -> MessageTable.release(sql, taken.n()));
  }
}
