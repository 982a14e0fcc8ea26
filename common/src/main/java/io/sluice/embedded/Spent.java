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

  /** The bucket of a charge that was given back, and comes again if its job runs after all. */
  private static final long SUSPENDED = -1;

  private final Sql sql;
  private final String subject;
  private final long now;
  private final long bucketMs;
  private final long buckets;

  private Spent(Sql sql, String subject, long now) {
    boolean day = subject.startsWith(Limit.TENANT_TOKENS_PER_DAY.wireName() + " ");
    this.sql = sql;
    this.subject = subject;
    this.now = now;
    this.bucketMs = day ? DAY_MS : BUCKET_MS;
    this.buckets = day ? 1 : BUCKETS;
  }

  /**
   * @param whose keeps this subject apart from every other of the limit's scope
   */
  static Spent of(Sql sql, Limit limit, String whose, long now) {
    return new Spent(sql, limit.wireName() + " " + whose, now);
  }

  /**
   * Something else that is counted over a minute.
   *
   * @param subject must not begin like that of a limit
   */
  static Spent inMinute(Sql sql, String subject, long now) {
    return new Spent(sql, subject, now);
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

  /** Counts without a job that it could be settled with. */
  void count(long amount) throws SQLException {
    sql.update(
        """
        INSERT INTO spent (subject, bucket, amount, ends) VALUES (?, ?, ?, ?)
        ON CONFLICT (subject, bucket) DO UPDATE SET amount = amount + excluded.amount
        """,
        subject,
        current(),
        amount,
        end(current()));
  }

  /** Charges a job, and remembers it for its settlement. */
  void charge(long job, long amount, Limit.Unit unit) throws SQLException {
    count(amount);
    sql.update(
        """
        INSERT OR REPLACE INTO charges (job, subject, bucket, amount, tokens)
        VALUES (?, ?, ?, ?, ?)
        """,
        job,
        subject,
        current(),
        amount,
        unit == Limit.Unit.TOKENS ? 1 : 0);
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
    giveBack(sql, job);
    sql.update("DELETE FROM charges WHERE job = ?", job);
  }

  /** Gives everything back until {@link #resume}. */
  static void suspend(Sql sql, long job) throws SQLException {
    giveBack(sql, job);
    sql.update("UPDATE charges SET bucket = ? WHERE job = ?", SUSPENDED, job);
  }

  /** Charges again, now, what was suspended, once. */
  static void resume(Sql sql, long job, long now) throws SQLException {
    List<Charge> suspended =
        sql.all(
            "SELECT subject, amount, tokens FROM charges WHERE job = ? AND bucket = ?",
            Charge::of,
            job,
            SUSPENDED);
    for (Charge charge : suspended) {
      new Spent(sql, charge.subject(), now).charge(job, charge.amount(), charge.unit());
    }
  }

  private static void giveBack(Sql sql, long job) throws SQLException {
    sql.update(
        """
        UPDATE spent SET amount = spent.amount - charges.amount FROM charges
        WHERE charges.job = ?
          AND spent.subject = charges.subject AND spent.bucket = charges.bucket
        """,
        job);
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

  private record Charge(String subject, long amount, Limit.Unit unit) {
    static Charge of(ResultSet row) throws SQLException {
      return new Charge(
          row.getString(1),
          row.getLong(2),
          row.getBoolean(3) ? Limit.Unit.TOKENS : Limit.Unit.REQUESTS);
    }
  }
}
