package io.sluice.embedded;

import java.sql.SQLException;
import java.time.Duration;

/**
 * A session's leaky bucket, kept as the time at which its next request may go (the generic cell
 * rate algorithm: ITU-T I.371, virtual scheduling).
 */
final class Smoothing {
  private final Sql sql;
  private final String subject;
  private final long now;

  Smoothing(Sql sql, String session, long now) {
    this.sql = sql;
    this.subject = "smooth " + session;
    this.now = now;
  }

  /** How long the next request has to wait. */
  Duration behind() throws SQLException {
    return Duration.ofMillis(next() - now);
  }

  /** Lets one request go. */
  void take(long perSecond) throws SQLException {
    long next = next() + Math.ceilDiv(1000, perSecond);
    sql.update(
        "INSERT OR REPLACE INTO spent (subject, bucket, amount, ends) VALUES (?, 0, ?, ?)",
        subject,
        next,
        next);
  }

  private long next() throws SQLException {
    return Math.max(
        now,
        sql.first("SELECT amount FROM spent WHERE subject = ?", row -> row.getLong(1), subject)
            .orElse(0L));
  }
}
