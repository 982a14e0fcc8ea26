package io.sluice.embedded;

import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few threads that read, each with a connection. */
final class Readers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Readers.class);
  private static final int QUEUE_MAX = 8192;
  private static final Duration CLOSING_MAX = Duration.ofSeconds(5);

  private final BlockingQueue<Sql> connections;
  private final ThreadPoolExecutor threads;

  private Readers(int count) {
    connections = new ArrayBlockingQueue<>(count);
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE_MAX),
            Thread.ofPlatform().name("sluice-db-reader-", 1).factory());
  }

  static Readers open(Path file, int count) throws SQLException {
    Readers readers = new Readers(count);
    for (int n = 0; n < count; n++) {
      Sql sql = Sql.open(file);
      sql.execute("PRAGMA query_only = 1");
      readers.connections.add(sql);
    }
    return readers;
  }

  <T> Future<T> read(Database.Work<T> work) {
    Command<T> command = new Command<>(work);
    try {
      threads.execute(() -> run(command));
    } catch (RejectedExecutionException e) {
      return Future.failedFuture(
          new Unavailable(Database.PART, "the database is closed, or too much is being read"));
    }
    return command.future();
  }

  /** There is a connection for every thread. */
  private void run(Command<?> command) {
    Sql sql = connections.remove();
    try {
      readWithin(sql, command);
    } finally {
      connections.add(sql);
    }
    command.answer();
  }

  /** In a transaction, so that several statements see one state. */
  private static void readWithin(Sql sql, Command<?> command) {
    try {
      sql.update("BEGIN");
      command.run(sql);
      sql.update("COMMIT");
    } catch (SQLException e) {
      command.fail(Database.unavailable(e));
      rollBack(sql);
    }
  }

  private static void rollBack(Sql sql) {
    try {
      sql.update("ROLLBACK");
    } catch (SQLException e) {
      LOG.debug("Nothing to roll back", e);
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSING_MAX.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("The database is still being read after {}", CLOSING_MAX);
      }
      for (Sql sql : connections) {
        sql.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      LOG.warn("The database did not close", e);
    }
  }
}
