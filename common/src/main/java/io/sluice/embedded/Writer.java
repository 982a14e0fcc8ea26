package io.sluice.embedded;

import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. While it commits, more commands arrive; it takes what is there and
 * commits that at once, so that a hundred commands cost one sync of the disk.
 */
final class Writer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
  private static final int QUEUE_MAX = 8192;
  private static final int BATCH_MAX = 512;
  private static final Duration IDLE = Duration.ofMillis(100);
  private static final Duration CLOSING_MAX = Duration.ofSeconds(15);

  private final Reopening connection;
  private final BlockingQueue<Command<?>> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final Thread thread = Thread.ofPlatform().name("sluice-db-writer").unstarted(this::work);
  private volatile boolean closing;
  private volatile boolean stopped;

  private Writer(Reopening connection) {
    this.connection = connection;
  }

  static Writer start(Reopening connection) {
    Writer writer = new Writer(connection);
    writer.thread.start();
    return writer;
  }

  <T> Future<T> write(Database.Work<T> work) {
    if (closing) {
      return Future.failedFuture(closed());
    }
    Command<T> command = new Command<>(work);
    if (!queue.offer(command)) {
      return Future.failedFuture(
          new Unavailable(Database.PART, QUEUE_MAX + " writes are waiting already"));
    }
    if (stopped) {
      refuseRest();
    }
    return command.future();
  }

  private void work() {
    List<Command<?>> batch = new ArrayList<>(BATCH_MAX);
    while (take(batch)) {
      commit(batch);
      batch.forEach(Command::answer);
      batch.clear();
    }
    stopped = true;
    refuseRest();
  }

  /** Waits for commands; false when there will be none any more. */
  private boolean take(List<Command<?>> batch) {
    while (batch.isEmpty()) {
      boolean last = closing;
      Command<?> first = poll();
      if (first != null) {
        batch.add(first);
        queue.drainTo(batch, BATCH_MAX - 1);
      } else if (last) {
        return false;
      }
    }
    return true;
  }

  private Command<?> poll() {
    try {
      return queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      LOG.warn("Nobody may interrupt the writer; it goes on");
      return null;
    }
  }

  private void commit(List<Command<?>> batch) {
    try {
      Sql sql = connection.get();
      sql.execute("BEGIN IMMEDIATE");
      for (Command<?> command : batch) {
        command.runWithin(sql);
      }
      sql.execute("COMMIT");
    } catch (SQLException e) {
      Unavailable why = Database.unavailable(e);
      batch.forEach(command -> command.fail(why));
      connection.rollBack();
    }
  }

  private void refuseRest() {
    for (Command<?> command = queue.poll(); command != null; command = queue.poll()) {
      command.fail(closed());
      command.answer();
    }
  }

  private static Unavailable closed() {
    return new Unavailable(Database.PART, "the database is closed");
  }

  /** Commits what is waiting, and stops; the empty command wakes an idle writer. */
  @Override
  public void close() {
    closing = true;
    queue.offer(new Command<>(sql -> null));
    try {
      thread.join(CLOSING_MAX);
      if (thread.isAlive()) {
        LOG.warn("The database is still writing after {}", CLOSING_MAX);
        return;
      }
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      LOG.warn("The database did not close", e);
    }
  }
}
