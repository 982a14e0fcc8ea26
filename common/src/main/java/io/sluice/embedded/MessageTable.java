package io.sluice.embedded;

import io.sluice.Lane;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The tables of messages and their bodies. Everything here runs in a transaction. */
final class MessageTable {
  /** Deaths of a holder that a message survives; one more is poison. */
  private static final int DEATHS_MAX = 20;

  private static final int WAITING = 0;
  private static final int HELD = 1;
  private static final int UNREADABLE = 2;

  private MessageTable() {}

  /** A message that was handed out just now. */
  record Taken(long n, boolean before, int attempt, byte[] body) {}

  static void insert(Sql sql, Lane lane, long due, int attempt, byte[] body) throws SQLException {
    long n =
        sql.first(
                """
                INSERT INTO messages (lane, status, due, attempt, handed, deaths)
                VALUES (?, ?, ?, ?, 0, 0) RETURNING n
                """,
                row -> row.getLong(1),
                lane.label(),
                WAITING,
                due,
                attempt)
            .orElseThrow();
    sql.update("INSERT INTO message_bodies (n, body) VALUES (?, ?)", n, body);
  }

  static Optional<Taken> take(Sql sql, Lane lane, long now) throws SQLException {
    Optional<Taken> taken =
        sql.first(
            """
            SELECT n, handed, attempt, body FROM messages JOIN message_bodies USING (n)
            WHERE lane = ? AND status = ? AND due <= ? ORDER BY due, n LIMIT 1
            """,
            row ->
                new Taken(
                    row.getLong("n"),
                    row.getBoolean("handed"),
                    row.getInt("attempt"),
                    row.getBytes("body")),
            lane.label(),
            WAITING,
            now);
    if (taken.isPresent()) {
      sql.update("UPDATE messages SET status = ?, handed = 1 WHERE n = ?", HELD, taken.get().n());
    }
    return taken;
  }

  static void delete(Sql sql, long n) throws SQLException {
    sql.update("DELETE FROM messages WHERE n = ?", n);
    sql.update("DELETE FROM message_bodies WHERE n = ?", n);
  }

  static void release(Sql sql, long n) throws SQLException {
    sql.update("UPDATE messages SET status = ? WHERE n = ? AND status = ?", WAITING, n, HELD);
  }

  /** The message becomes a new one in another lane; its body stays where it is. */
  static void retry(Sql sql, long n, Lane lane, long due, int attempt) throws SQLException {
    sql.update(
        """
        UPDATE messages SET lane = ?, status = ?, due = ?, attempt = ?, handed = 0, deaths = 0
        WHERE n = ?
        """,
        lane.label(),
        WAITING,
        due,
        attempt,
        n);
  }

  static void putAside(Sql sql, long n, String reason) throws SQLException {
    putAside(sql, n, WAITING, reason);
  }

  static void putAsideUnreadable(Sql sql, long n, String reason) throws SQLException {
    putAside(sql, n, UNREADABLE, reason);
  }

  private static void putAside(Sql sql, long n, int status, String reason) throws SQLException {
    sql.update(
        """
        UPDATE messages SET lane = ?, status = ?, due = 0, handed = 0, deaths = 0, reason = ?
        WHERE n = ?
        """,
        Lane.Aside.DEAD.label(),
        status,
        reason,
        n);
  }

  /** The labels of all lanes that hold something. */
  static List<String> lanes(Sql sql) throws SQLException {
    return sql.all("SELECT DISTINCT lane FROM messages", row -> row.getString(1));
  }

  static long waiting(Sql sql, Lane lane, long now) throws SQLException {
    return sql.first(
            """
            SELECT (SELECT count(*) FROM messages WHERE lane = ?1 AND status = ?2 AND due <= ?3)
              + (SELECT count(*) FROM messages WHERE lane = ?1 AND status = ?4)
            """,
            row -> row.getLong(1),
            lane.label(),
            WAITING,
            now,
            UNREADABLE)
        .orElseThrow();
  }

  /** Whoever held a message died with the process before this one: all comes back at once. */
  static void bringBack(Sql sql) throws SQLException {
    sql.update(
        "UPDATE messages SET status = ?, deaths = deaths + 1 WHERE status = ?", WAITING, HELD);
    sql.update(
        """
        UPDATE messages SET lane = ?1, due = 0, deaths = 0
        WHERE deaths > ?2 AND lane NOT IN (?1, ?3)
        """,
        Lane.Aside.POISON.label(),
        DEATHS_MAX,
        Lane.Aside.DEAD.label());
  }
}
