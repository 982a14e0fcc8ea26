package io.sluice.embedded;

import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that is replaced by a new one when it cannot leave a transaction: SQLite would
 * refuse all that comes after, and the lock on the database would stay. For one thread at a time.
 */
final class Reopening implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reopening.class);

  /** Opens a connection. */
  interface Opening {
    Sql open() throws SQLException;
  }

  private final Opening opening;
  private Optional<Sql> open;

  private Reopening(Opening opening, Sql first) {
    this.opening = opening;
    this.open = Optional.of(first);
  }

  static Reopening open(Opening opening) throws SQLException {
    return new Reopening(opening, opening.open());
  }

  /**
   * The connection, outside of a transaction.
   *
   * @throws SQLException if the last one was given up and there is no new one yet
   */
  Sql get() throws SQLException {
    if (open.isEmpty()) {
      open = Optional.of(opening.open());
      LOG.info("The connection to the database was opened again");
    }
    return open.get();
  }

  /** After a failure: leaves the transaction, with the connection if need be. */
  void rollBack() {
    if (open.isPresent() && !open.get().rollBack()) {
      LOG.warn("A transaction could not be left; the connection to the database is given up");
      giveUp(open.get());
    }
  }

  private void giveUp(Sql sql) {
    open = Optional.empty();
    try {
      sql.close();
    } catch (SQLException e) {
      LOG.warn("The connection to the database did not close", e);
    }
  }

  @Override
  public void close() throws SQLException {
    if (open.isPresent()) {
      open.get().close();
    }
  }
}
