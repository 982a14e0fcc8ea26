package io.sluice.embedded;

import io.sluice.Grant;
import io.sluice.Grants;
import io.sluice.codec.GrantCodec;
import io.vertx.core.Future;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Grants as rows; one transaction per decision. What has ended is deleted as new ones are made. */
final class SqliteGrants implements Grants {
  private final Database database;
  private final InstantSource clock;

  SqliteGrants(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Future<Void> open(Grant grant, String tokenHash) {
    return database.write(
        sql -> {
          forgetEnded(sql);
          sql.update(
              """
              INSERT OR REPLACE INTO grants (id, expires_at, record, key_id, opened)
              VALUES (?, ?, ?, ?, 1 + (SELECT COALESCE(MAX(opened), 0) FROM grants WHERE key_id = ?))
              """,
              grant.id(),
              grant.expiresAt().toEpochMilli(),
              GrantCodec.write(grant),
              grant.keyId(),
              grant.keyId());
          addToken(sql, tokenHash, grant);
          endOldest(sql, grant.keyId());
          return null;
        });
  }

  private static void endOldest(Sql sql, String keyId) throws SQLException {
    List<String> over =
        sql.all(
            "SELECT id FROM grants WHERE key_id = ? ORDER BY opened DESC LIMIT -1 OFFSET ?",
            row -> row.getString(1),
            keyId,
            OPEN_PER_KEY_MAX);
    for (String id : over) {
      end(sql, id);
    }
  }

  @Override
  public Future<Optional<Grant>> find(String tokenHash) {
    return database.read(sql -> grantOf(sql, tokenHash));
  }

  @Override
  public Future<Rotation> rotate(String tokenHash, String salt, String successorHash) {
    return database.write(
        sql -> {
          Optional<Token> token = token(sql, tokenHash);
          Optional<Grant> grant = grantOf(sql, tokenHash);
          return grant.isEmpty()
              ? new Rotation.Refused()
              : rotate(sql, tokenHash, token.get(), grant.get(), salt, successorHash);
        });
  }

  private Rotation rotate(
      Sql sql, String hash, Token token, Grant grant, String salt, String successorHash)
      throws SQLException {
    long now = clock.millis();
    if (token.traded().isEmpty()) {
      return now < token.idleUntil()
          ? trade(sql, hash, grant, salt, successorHash)
          : new Rotation.Refused();
    }
    Trade trade = token.traded().get();
    if (trade.salt().equals(salt)) {
      return new Rotation.Rotated(grant);
    }
    boolean unused = token(sql, trade.successor()).filter(it -> it.traded().isEmpty()).isPresent();
    if (unused && now < trade.at() + GRACE.toMillis()) {
      return new Rotation.Repeated(grant, trade.salt());
    }
    end(sql, grant.id());
    return new Rotation.Reused(grant);
  }

  private Rotation trade(Sql sql, String hash, Grant grant, String salt, String successorHash)
      throws SQLException {
    sql.update(
        "UPDATE grant_tokens SET traded_at = ?, salt = ?, successor = ? WHERE hash = ?",
        clock.millis(),
        salt,
        successorHash,
        hash);
    addToken(sql, successorHash, grant);
    return new Rotation.Rotated(grant);
  }

  @Override
  public Future<Optional<Grant>> revoke(String tokenHash) {
    return database.write(
        sql -> {
          Optional<Grant> grant = grantOf(sql, tokenHash);
          if (grant.isPresent()) {
            end(sql, grant.get().id());
          }
          return grant;
        });
  }

  @Override
  public Future<Void> deny(String tokenId, Instant until) {
    return database.write(
        sql -> {
          sql.update(
              "INSERT OR REPLACE INTO denied_tokens (id, until) VALUES (?, ?)",
              tokenId,
              until.toEpochMilli());
          return null;
        });
  }

  @Override
  public Future<Boolean> holds(String grantId, String tokenId) {
    return database.read(
        sql ->
            grant(sql, grantId).isPresent()
                && sql.first("SELECT 1 FROM denied_tokens WHERE id = ?", row -> 1, tokenId)
                    .isEmpty());
  }

  private void forgetEnded(Sql sql) throws SQLException {
    long now = clock.millis();
    sql.update("DELETE FROM grants WHERE expires_at <= ?", now);
    sql.update("DELETE FROM grant_tokens WHERE expires_at <= ?", now);
    sql.update("DELETE FROM denied_tokens WHERE until <= ?", now);
  }

  private static void end(Sql sql, String id) throws SQLException {
    sql.update("DELETE FROM grants WHERE id = ?", id);
    sql.update("DELETE FROM grant_tokens WHERE grant_id = ?", id);
  }

  private Optional<Grant> grantOf(Sql sql, String tokenHash) throws SQLException {
    Optional<Token> token = token(sql, tokenHash);
    return token.isPresent() ? grant(sql, token.get().grantId()) : Optional.empty();
  }

  private Optional<Grant> grant(Sql sql, String id) throws SQLException {
    return sql.first(
            "SELECT record FROM grants WHERE id = ? AND expires_at > ?",
            row -> row.getString(1),
            id,
            clock.millis())
        .map(GrantCodec::read);
  }

  private void addToken(Sql sql, String hash, Grant grant) throws SQLException {
    sql.update(
        """
        INSERT OR IGNORE INTO grant_tokens (hash, grant_id, idle_until, expires_at, added)
        VALUES (?, ?, ?, ?, 1 + (SELECT COALESCE(MAX(added), 0) FROM grant_tokens WHERE grant_id = ?))
        """,
        hash,
        grant.id(),
        clock.millis() + grant.idle().toMillis(),
        grant.expiresAt().toEpochMilli(),
        grant.id());
    sql.update(
        """
        DELETE FROM grant_tokens WHERE grant_id = ? AND added <=
        (SELECT MAX(added) FROM grant_tokens WHERE grant_id = ?) - ?
        """,
        grant.id(),
        grant.id(),
        TOKENS_MAX);
  }

  /** A refresh token as it is stored. */
  private record Token(String grantId, long idleUntil, Optional<Trade> traded) {
    static Token of(ResultSet row) throws SQLException {
      String salt = row.getString("salt");
      return new Token(
          row.getString("grant_id"),
          row.getLong("idle_until"),
          salt == null
              ? Optional.empty()
              : Optional.of(new Trade(row.getLong("traded_at"), salt, row.getString("successor"))));
    }
  }

  private record Trade(long at, String salt, String successor) {}

  private static Optional<Token> token(Sql sql, String hash) throws SQLException {
    return sql.first("SELECT * FROM grant_tokens WHERE hash = ?", Token::of, hash);
  }
}
