package io.sluice.embedded;

import io.sluice.TokenKey;
import io.sluice.TokenKeys;
import io.sluice.codec.TokenKeyCodec;
import io.vertx.core.Future;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The keys of tokens as rows. */
final class SqliteTokenKeys implements TokenKeys {
  private final Database database;
  private final InstantSource clock;

  SqliteTokenKeys(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Future<List<TokenKey>> keys() {
    return database.read(
        sql -> sql.all("SELECT * FROM token_keys ORDER BY created_at, kid", SqliteTokenKeys::key));
  }

  @Override
  public Future<Boolean> succeed(Optional<String> newest, TokenKey next) {
    return database.write(
        sql -> {
          Optional<TokenKey> known = find(sql, next.kid());
          if (known.isPresent()) {
            return known.get().equals(next);
          }
          return newestSigning(sql).equals(newest) && insert(sql, next);
        });
  }

  @Override
  public Future<Void> add(TokenKey key) {
    return database.write(
        sql -> {
          if (find(sql, key.kid()).isPresent()) {
            throw new IllegalArgumentException("there is a key " + key.kid() + " already");
          }
          insert(sql, key);
          return null;
        });
  }

  @Override
  public Future<Boolean> revoke(String kid, Instant now) {
    return database.write(
        sql ->
            sql.update(
                    "UPDATE token_keys SET revoked_at = ? WHERE kid = ? AND revoked_at IS NULL",
                    now.toEpochMilli(),
                    kid)
                > 0);
  }

  private boolean insert(Sql sql, TokenKey key) throws SQLException {
    sql.update("DELETE FROM token_keys WHERE expires_at <= ?", clock.millis());
    sql.update(
        """
        INSERT INTO token_keys (kid, signing, created_at, expires_at, revoked_at, record)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        key.kid(),
        key.use() == TokenKey.Use.SIGNING ? 1 : 0,
        key.createdAt().toEpochMilli(),
        key.expiresAt().toEpochMilli(),
        key.revokedAt().map(Instant::toEpochMilli).orElse(null),
        TokenKeyCodec.write(key));
    return true;
  }

  private static Optional<TokenKey> find(Sql sql, String kid) throws SQLException {
    return sql.first("SELECT * FROM token_keys WHERE kid = ?", SqliteTokenKeys::key, kid);
  }

  private static Optional<String> newestSigning(Sql sql) throws SQLException {
    return sql.first(
        "SELECT kid FROM token_keys WHERE signing = 1 ORDER BY created_at DESC, kid DESC LIMIT 1",
        row -> row.getString(1));
  }

  private static TokenKey key(ResultSet row) throws SQLException {
    long revoked = row.getLong("revoked_at");
    Optional<Instant> revokedAt =
        row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(revoked));
    return TokenKeyCodec.read(row.getString("record"), revokedAt);
  }
}
