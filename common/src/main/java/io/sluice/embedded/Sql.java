package io.sluice.embedded;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the database and its prepared statements, one per SQL text; the texts are
 * constants, so their number is bounded. For one thread at a time.
 */
final class Sql implements AutoCloseable {
  /** Makes something of the current row. */
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Sql.class);

  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  private Sql(Connection connection) {
    this.connection = connection;
  }

  /** Opens the database with full durability: a commit is on the disk when it returns. */
  static Sql open(Path file) throws SQLException {
    Sql sql = new Sql(DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath()));
    try {
      sql.execute("PRAGMA busy_timeout = 5000");
      sql.execute("PRAGMA journal_mode = WAL");
      sql.execute("PRAGMA synchronous = FULL");
      sql.execute("PRAGMA temp_store = MEMORY");
      sql.execute("PRAGMA cache_size = -16000");
      sql.execute("PRAGMA journal_size_limit = 67108864");
      return sql;
    } catch (SQLException e) {
      sql.close();
      throw e;
    }
  }

  /** Runs a statement that has no parameters and whose result, if any, is of no interest. */
  void execute(String text) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  /** Runs a statement of which only the number of changed rows is of interest. */
  int update(String text, Object... parameters) throws SQLException {
    return with(text, parameters, PreparedStatement::executeUpdate);
  }

  /** The first row. */
  <T> Optional<T> first(String text, Row<T> reader, Object... parameters) throws SQLException {
    return with(
        text,
        parameters,
        statement -> {
          try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
          }
        });
  }

  <T> List<T> all(String text, Row<T> reader, Object... parameters) throws SQLException {
    return with(
        text,
        parameters,
        statement -> {
          List<T> all = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              all.add(reader.read(rows));
            }
          }
          return all;
        });
  }

  /** Something to do with a statement. */
  private interface Use<T> {
    T of(PreparedStatement statement) throws SQLException;
  }

  /** The driver closes some statements that failed, so that one that failed is never used again. */
  private <T> T with(String text, Object[] parameters, Use<T> use) throws SQLException {
    try {
      return use.of(prepared(text, parameters));
    } catch (SQLException e) {
      forget(text, e);
      throw e;
    }
  }

  private void forget(String text, SQLException why) {
    PreparedStatement failed = statements.remove(text);
    try {
      if (failed != null) {
        failed.close();
      }
    } catch (SQLException e) {
      why.addSuppressed(e);
    }
  }

  private PreparedStatement prepared(String text, Object[] parameters) throws SQLException {
    PreparedStatement statement = statements.get(text);
    if (statement == null) {
      statement = connection.prepareStatement(text);
      statements.put(text, statement);
    }
    for (int n = 0; n < parameters.length; n++) {
      statement.setObject(n + 1, parameters[n]);
    }
    return statement;
  }

  /**
   * Leaves the transaction, if there is one; false if the connection could not and is of no use.
   */
  boolean rollBack() {
    tryTo("ROLLBACK");
    // SQLite left a transaction by itself when ROLLBACK finds none; a new one shows which it was.
    return tryTo("BEGIN") && tryTo("ROLLBACK");
  }

  private boolean tryTo(String text) {
    try {
      execute(text);
      return true;
    } catch (SQLException e) {
      LOG.debug("{} failed", text, e);
      return false;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
