package io.sluice.embedded;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.SQLException;

/**
 * A piece of work and the one who waits for it. It is answered on a thread of its own, so that
 * whoever listens cannot hold up the database.
 */
final class Command<T> {
  private final Database.Work<T> work;
  private final Promise<T> promise = Promise.promise();
  private T result;
  private Throwable failure;

  Command(Database.Work<T> work) {
    this.work = work;
  }

  Future<T> future() {
    return promise.future();
  }

  void run(Sql sql) {
    try {
      result = work.run(sql);
    } catch (SQLException e) {
      failure = Database.unavailable(e);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  /**
   * Runs as a part of a transaction: if it fails it leaves nothing behind, and the others go on.
   */
  void runWithin(Sql sql) throws SQLException {
    sql.update("SAVEPOINT command");
    run(sql);
    if (failure != null) {
      undo(sql);
    }
    sql.update("RELEASE command");
  }

  /** Where SQLite left the whole transaction there is nothing to go back to: its reason counts. */
  private void undo(Sql sql) throws SQLException {
    try {
      sql.update("ROLLBACK TO command");
    } catch (SQLException e) {
      throw failure.getCause() instanceof SQLException reason ? reason : e;
    }
  }

  void fail(Throwable why) {
    failure = why;
  }

  void answer() {
    Thread.startVirtualThread(
        () -> {
          if (failure == null) {
            promise.complete(result);
          } else {
            promise.fail(failure);
          }
        });
  }
}
