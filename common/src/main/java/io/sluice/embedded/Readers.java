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

  private final BlockingQueue<Reopening> connections;
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
      readers.connections.add(Reopening.open(() -> openReader(file)));
    }
    return readers;
  }

  private static Sql openReader(Path file) throws SQLException {
    Sql sql = Sql.open(file);
    try {
      sql.execute("PRAGMA query_only = 1");
      return sql;
    } catch (SQLException e) {
      sql.close();
      throw e;
    }
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
    Reopening connection = connections.remove();
    try {
      readWithin(connection, command);
    } finally {
      connections.add(connection);
    }
    command.answer();
  }

  /** In a transaction, so that several statements see one state. */
  private static void readWithin(Reopening connection, Command<?> command) {
    try {
      Sql sql = connection.get();
      sql.execute("BEGIN");
      command.run(sql);
      sql.execute("COMMIT");
    } catch (SQLException e) {
      command.fail(Database.unavailable(e));
      connection.rollBack();
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSING_MAX.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("The database is still being read after {}", CLOSING_MAX);
      }
      for (Reopening connection : connections) {
        connection.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      LOG.warn("The database did not close", e);
    }
  }
}
