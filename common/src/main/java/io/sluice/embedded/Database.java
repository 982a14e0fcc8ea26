package io.sluice.embedded;

import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The SQLite database: one thread that writes, a few that read. */
final class Database implements AutoCloseable {
  static final String PART = "store";
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final int READERS = 3;

  /** Something to do with a connection. */
  interface Work<T> {
    T run(Sql sql) throws SQLException;
  }

  private final Writer writer;
  private final Readers readers;

  private Database(Writer writer, Readers readers) {
    this.writer = writer;
    this.readers = readers;
  }

  /**
   * Opens the database and makes it what {@code first} says, before anybody else gets to see it.
   *
   * @throws IllegalStateException if it cannot be opened, with a sentence for a person to read
   */
  static Database open(Path file, Work<Void> first) {
    try {
      Reopening connection = Reopening.open(() -> Sql.open(file));
      try {
        Schema.prepare(connection.get());
        first.run(connection.get());
        Readers readers = Readers.open(file, READERS);
        return new Database(Writer.start(connection), readers);
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot open " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Runs in a transaction that is on the disk when the Future completes. It runs alone: nothing
   * else changes the database meanwhile.
   */
  <T> Future<T> write(Work<T> work) {
    return writer.write(work);
  }

  /** Runs on what was committed before. */
  <T> Future<T> read(Work<T> work) {
    return readers.read(work);
  }

  static Unavailable unavailable(SQLException cause) {
    LOG.warn("The database failed", cause);
    return new Unavailable(PART, "the database failed: " + cause.getMessage(), cause);
  }

  @Override
  public void close() {
    readers.close();
    writer.close();
  }
}
