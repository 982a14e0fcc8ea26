package io.sluice.embedded;

import java.sql.SQLException;
import java.time.Duration;

/**
 * A session's leaky bucket, kept as the time at which its next request may go, in microseconds (the
 * generic cell rate algorithm: ITU-T I.371, virtual scheduling).
 */
final class Smoothing {
  private static final String PREFIX = "smooth ";
  private static final long SECOND_MICROS = 1_000_000;

  private final Sql sql;
  private final String subject;
  private final long nowMicros;

  Smoothing(Sql sql, String session, long now) {
    this.sql = sql;
    this.subject = PREFIX + session;
    this.nowMicros = now * 1000;
  }

  /** How long the next request has to wait. */
  Duration behind() throws SQLException {
    return Duration.ofNanos((next() - nowMicros) * 1000);
  }

  /** How many requests are ahead of the next one, itself not included; at most a second's. */
  long ahead(long perSecond) throws SQLException {
    return Math.min(perSecond, Math.ceilDiv((next() - nowMicros) * perSecond, SECOND_MICROS));
  }

  /** Lets the request of a job go. */
  void take(long job, long perSecond) throws SQLException {
    long slot = next();
    long interval = Math.ceilDiv(SECOND_MICROS, perSecond);
    sql.update(
        "INSERT OR REPLACE INTO spent (subject, bucket, amount, ends) VALUES (?, 0, ?, ?)",
        subject,
        slot + interval,
        Math.ceilDiv(slot + interval, 1000));
    sql.update(
        "INSERT INTO charges (job, subject, bucket, amount, tokens) VALUES (?, ?, ?, ?, 0)",
        job,
        subject,
        slot,
        interval);
  }

  /** How long a job that took its turn has to wait for it. */
  Duration turnOf(long job) throws SQLException {
    long slot =
        sql.first(
                "SELECT bucket FROM charges WHERE job = ? AND subject = ?",
                row -> row.getLong(1),
                job,
                subject)
            .orElse(0L);
    return Duration.ofNanos(Math.max(0, slot - nowMicros) * 1000);
  }

  /** Gives back the turn of a job that did not happen, once. */
  static void giveBack(Sql sql, long job) throws SQLException {
    sql.update(
        """
        UPDATE spent SET amount = spent.amount - charges.amount FROM charges
        WHERE charges.job = ? AND charges.subject LIKE 'smooth %'
          AND spent.subject = charges.subject
        """,
        job);
    forget(sql, job);
  }

  /** The turn of a job is over. */
  static void forget(Sql sql, long job) throws SQLException {
    sql.update("DELETE FROM charges WHERE job = ? AND subject LIKE 'smooth %'", job);
  }

  private long next() throws SQLException {
    return Math.max(
        nowMicros,
        sql.first("SELECT amount FROM spent WHERE subject = ?", row -> row.getLong(1), subject)
            .orElse(0L));
  }
}
