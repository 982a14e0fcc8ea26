package io.sluice.embedded;

import io.sluice.Limit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * What was spent of limits over time, in buckets of half a second or of a day. A bucket counts
 * while any moment of it is inside the window.
 */
final class Spent {
  private static final long BUCKET_MS = 500;
  private static final long BUCKETS = Duration.ofMinutes(1).toMillis() / BUCKET_MS + 1;
  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  private final Sql sql;
  private final Limit limit;
  private final String subject;
  private final long now;
  private final long bucketMs;
  private final long buckets;

  /**
   * @param whose keeps this subject apart from every other of the limit's scope
   */
  Spent(Sql sql, Limit limit, String whose, long now) {
    boolean day = limit.window().toMillis() == DAY_MS;
    this.sql = sql;
    this.limit = limit;
    this.subject = limit.wireName() + " " + whose;
    this.now = now;
    this.bucketMs = day ? DAY_MS : BUCKET_MS;
    this.buckets = day ? 1 : BUCKETS;
  }

  /** Forgets buckets that no window holds any more. */
  static void forget(Sql sql, long now) throws SQLException {
    sql.update("DELETE FROM spent WHERE ends <= ?", now);
  }

  long sum() throws SQLException {
    return sql.first(
            "SELECT coalesce(sum(amount), 0) FROM spent WHERE subject = ? AND bucket > ?",
            row -> row.getLong(1),
            subject,
            current() - buckets)
        .orElse(0L);
  }

  /** How long until so much fits under the bound again; the cost itself must fit it. */
  Duration untilFits(long cost, long bound) throws SQLException {
    long left = sum();
    for (Bucket bucket : all()) {
      left -= bucket.amount();
      if (left + cost <= bound) {
        return Duration.ofMillis(end(bucket.number()) - now);
      }
    }
    return untilEmpty();
  }

  private List<Bucket> all() throws SQLException {
    return sql.all(
        "SELECT bucket, amount FROM spent WHERE subject = ? AND bucket > ? ORDER BY bucket",
        Bucket::of,
        subject,
        current() - buckets);
  }

  /** When what is spent now is out of the window. */
  Duration untilEmpty() {
    return Duration.ofMillis(end(current()) - now);
  }

  /** Charges a job, and remembers it for its settlement. */
  void charge(long job, long amount) throws SQLException {
    sql.update(
        """
        INSERT INTO spent (subject, bucket, amount, ends) VALUES (?, ?, ?, ?)
        ON CONFLICT (subject, bucket) DO UPDATE SET amount = amount + excluded.amount
        """,
        subject,
        current(),
        amount,
        end(current()));
    sql.update(
        "INSERT INTO charges (job, subject, bucket, amount, tokens) VALUES (?, ?, ?, ?, ?)",
        job,
        subject,
        current(),
        amount,
        limit.unit() == Limit.Unit.TOKENS ? 1 : 0);
  }

  /** Corrects the tokens that a job was charged to those that it used, once. */
  static void settle(Sql sql, long job, long used) throws SQLException {
    sql.update(
        """
        UPDATE spent SET amount = spent.amount + ? - charges.amount FROM charges
        WHERE charges.job = ? AND charges.tokens = 1
          AND spent.subject = charges.subject AND spent.bucket = charges.bucket
        """,
        used,
        job);
    sql.update("DELETE FROM charges WHERE job = ?", job);
  }

  /** Gives back everything that a job was charged, once. */
  static void refund(Sql sql, long job) throws SQLException {
    sql.update(
        """
        UPDATE spent SET amount = spent.amount - charges.amount FROM charges
        WHERE charges.job = ?
          AND spent.subject = charges.subject AND spent.bucket = charges.bucket
        """,
        job);
    sql.update("DELETE FROM charges WHERE job = ?", job);
  }

  private long current() {
    return now / bucketMs;
  }

  /** When a bucket leaves the window. */
  private long end(long bucket) {
    return (bucket + buckets) * bucketMs;
  }

  private record Bucket(long number, long amount) {
    static Bucket of(ResultSet row) throws SQLException {
      return new Bucket(row.getLong(1), row.getLong(2));
    }
  }
}
