package io.sluice.embedded;

import io.sluice.ApiKey;
import io.sluice.Directory;
import io.vertx.core.Future;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The keys in SQLite, read anew each time: what another process changed is seen at once. */
final class SqliteDirectory implements Directory {
  private final Database database;

  SqliteDirectory(Database database) {
    this.database = database;
  }

  @Override
  public Future<Optional<ApiKey>> key(String id) {
    return database.read(
        sql -> sql.first("SELECT * FROM api_keys WHERE id = ?", SqliteDirectory::key, id));
  }

  @Override
  public Future<Void> add(ApiKey key) {
    return database.write(
        sql -> {
          int added =
              sql.update(
                  """
                  INSERT OR IGNORE INTO api_keys
                    (id, tenant, secret_hash, scopes, created_at, revoked_at, ranges, expires_at)
                  VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                  """,
                  key.id(),
                  key.tenant(),
                  key.secretHash(),
                  String.join(" ", key.scopes()),
                  key.createdAt().toEpochMilli(),
                  key.revokedAt().map(Instant::toEpochMilli).orElse(null),
                  key.ranges().map(ranges -> String.join(" ", ranges)).orElse(null),
                  key.expiresAt().map(Instant::toEpochMilli).orElse(null));
          if (added == 0) {
            throw new IllegalArgumentException("there is a key " + key.id() + " already");
          }
          return null;
        });
  }

  @Override
  public Future<List<ApiKey>> keys() {
    return database.read(
        sql -> sql.all("SELECT * FROM api_keys ORDER BY created_at, n", SqliteDirectory::key));
  }

  @Override
  public Future<Boolean> revoke(String id, Instant now) {
    return database.write(
        sql ->
            sql.update(
                    "UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
                    now.toEpochMilli(),
                    id)
                > 0);
  }

  @Override
  public Future<Void> used(Map<String, ApiKey.LastUse> uses) {
    Map<String, ApiKey.LastUse> noted = Map.copyOf(uses);
    return database.write(
        sql -> {
          for (Map.Entry<String, ApiKey.LastUse> use : noted.entrySet()) {
            sql.update(
                """
                UPDATE api_keys SET used_at = ?, used_from = ?
                WHERE id = ? AND (used_at IS NULL OR used_at <= ?)
                """,
                use.getValue().at().toEpochMilli(),
                use.getValue().address(),
                use.getKey(),
                use.getValue().at().toEpochMilli());
          }
          return null;
        });
  }

  private static ApiKey key(ResultSet row) throws SQLException {
    return new ApiKey(
        row.getString("id"),
        row.getString("tenant"),
        row.getString("secret_hash"),
        Set.copyOf(words(row.getString("scopes"))),
        Optional.ofNullable(row.getString("ranges")).map(SqliteDirectory::words),
        Instant.ofEpochMilli(row.getLong("created_at")),
        time(row, "expires_at"),
        time(row, "revoked_at"),
        lastUse(row));
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  private static Optional<ApiKey.LastUse> lastUse(ResultSet row) throws SQLException {
    String address = row.getString("used_from");
    return time(row, "used_at").map(at -> new ApiKey.LastUse(at, address));
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    long time = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(time));
  }
}
