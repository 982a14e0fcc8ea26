package io.sluice.embedded;

import io.sluice.AnswerCache;
import io.sluice.Sharing;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Optional;

/** What the transactions on jobs keep of answers. */
final class SqliteAnswerCache implements AnswerCache {
  private final Database database;
  private final InstantSource clock;

  SqliteAnswerCache(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Future<Boolean> holds(Sharing sharing) {
    return database.read(sql -> new Answers(sql, clock.millis()).find(sharing).isPresent());
  }

  @Override
  public Future<Size> size() {
    return database.read(
        sql ->
            sql.first(
                    "SELECT count(*), coalesce(sum(bytes), 0) FROM answers",
                    row -> new Size(row.getLong(1), row.getLong(2)))
                .orElseThrow());
  }

  @Override
  public Future<Integer> forget(Optional<String> tenant) {
    return database.write(
        sql ->
            tenant.isPresent()
                ? sql.update("DELETE FROM answers WHERE tenant = ?", tenant.get())
                : sql.update("DELETE FROM answers"));
  }
}
