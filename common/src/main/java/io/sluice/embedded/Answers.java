package io.sluice.embedded;

import io.sluice.Cached;
import io.sluice.Ending;
import io.sluice.JobEvent;
import io.sluice.JobId;
import io.sluice.JobState;
import io.sluice.Output;
import io.sluice.Sharing;
import io.sluice.Step;
import io.sluice.codec.EndingCodec;
import io.sluice.codec.EventCodec;
import io.sluice.codec.SharingCodec;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The answers that identical jobs share, and who runs for whom. Everything in a transaction. */
final class Answers {
  private static final String APART = "apart";
  private static final int PIECE_CHARS = 8 * 1024;
  private static final long FLIGHT_BYTES_MAX = 4 * 1024 * 1024;
  private static final int TOLD_MAX = 10_000;
  private static final Duration FIRST_WAIT = Duration.ofSeconds(2);
  private static final Duration NEXT_WAIT = Duration.ofSeconds(10);

  private final Sql sql;
  private final long now;

  Answers(Sql sql, long now) {
    this.sql = sql;
    this.now = now;
  }

  /** An answer, and whose it was. */
  record Answer(String ending, JobId source, String tenant, int tokens) {
    private static Answer of(ResultSet row) throws SQLException {
      return new Answer(
          row.getString("ending"),
          new JobId(row.getString("job")),
          row.getString("tenant"),
          row.getInt("tokens"));
    }

    private Cached as(Cached.How how, JobRow job) {
      return new Cached(how, tenant.equals(job.tenant) ? Optional.of(source) : Optional.empty());
    }
  }

  /** One that the job would take. */
  Optional<Answer> find(Sharing sharing) throws SQLException {
    return sharing.takes()
        ? sql.first(
            "SELECT * FROM answers WHERE key = ? AND until > ? AND at >= ?",
            Answer::of,
            sharing.key(),
            now,
            now - sharing.oldest().toMillis())
        : Optional.empty();
  }

  /** The row is in the table, and gets what it shares. */
  void join(JobRow job, Sharing sharing) throws SQLException {
    job.sharing = SharingCodec.write(sharing);
    sql.update(
        "UPDATE jobs SET sharing = ?, answer_key = ? WHERE n = ?",
        job.sharing,
        sharing.takes() ? sharing.key() : null,
        job.n);
  }

  /**
   * Completes a job that does not run with another one's answer; its readers get the whole text.
   */
  void answer(JobRow job, Answer answer, Cached.How how) throws SQLException {
    Ending ending = EndingCodec.read(answer.ending());
    Cached cached = answer.as(how, job);
    job.cached = SharingCodec.write(cached);
    sql.update("UPDATE jobs SET cached = ? WHERE n = ?", job.cached, job.n);
    job.raiseFence(now);
    log(job, ending.output());
    job.startedAt = job.startedAt == null ? Long.valueOf(now) : job.startedAt;
    job.step(new Step.Answered(Instant.ofEpochMilli(now), cached));
    Endings.answered(sql, job, ending, now);
  }

  private void log(JobRow job, Output output) throws SQLException {
    List<JobEvent> events = new ArrayList<>();
    events.add(
        job.attempt == 0
            ? new JobEvent.Start(0)
            : new JobEvent.Reset(job.attempt, Step.Answered.REASON));
    output
        .thinking()
        .ifPresent(it -> pieces(it).forEach(p -> events.add(new JobEvent.Thinking(p))));
    tokens(output).forEach(events::add);
    output.toolCalls().forEach(call -> events.add(new JobEvent.ToolCall(call)));
    for (int seq = 0; seq < events.size(); seq++) {
      JobEvent event = events.get(seq);
      JobTable.log(sql, job, seq, EventCodec.type(event), EventCodec.data(event));
    }
  }

  /** All probabilities are in the first piece, since nobody knows which are whose. */
  private static List<JobEvent> tokens(Output output) {
    List<JobEvent> tokens = new ArrayList<>();
    pieces(output.text()).forEach(piece -> tokens.add(new JobEvent.Token(piece)));
    if (output.logprobs().isPresent()) {
      String text = tokens.isEmpty() ? "" : ((JobEvent.Token) tokens.removeFirst()).text();
      tokens.addFirst(new JobEvent.Token(text, output.logprobs()));
    }
    return tokens;
  }

  /** Cut between characters. */
  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int to = Math.min(text.length(), from + PIECE_CHARS);
      to -= to < text.length() && Character.isHighSurrogate(text.charAt(to - 1)) ? 1 : 0;
      pieces.add(text.substring(from, to));
      from = to;
    }
    return pieces;
  }

  /** The same for one that waited; a sweep tells of it. */
  void answerJoined(JobRow job, Answer answer) throws SQLException {
    answer(job, answer, Cached.How.JOINED);
    sql.update("INSERT INTO answered (job, tokens) VALUES (?, ?)", job.id.value(), answer.tokens());
    sql.update("DELETE FROM answered WHERE n <= (SELECT max(n) FROM answered) - ?", TOLD_MAX);
  }

  /** Until when the job waits for another one; empty if it is to run. */
  Optional<Instant> waits(JobRow job, Sharing sharing) throws SQLException {
    long lastCall = job.startBy - Sharing.LAST_CALL.toMillis();
    if (!sharing.takes() || job.attempt > 0 || now >= lastCall) {
      return Optional.empty();
    }
    Optional<JobRow> other = leader(sharing.key(), job);
    if (other.isEmpty()) {
      return Optional.empty();
    }
    boolean first = !job.joined;
    if (first) {
      Optional<JobId> named =
          other.get().tenant.equals(job.tenant) ? Optional.of(other.get().id) : Optional.empty();
      job.step(new Step.Joined(Instant.ofEpochMilli(now), named));
      sql.update("UPDATE jobs SET joined = 1, steps = ? WHERE n = ?", job.steps, job.n);
    }
    long until = now + (first ? FIRST_WAIT : NEXT_WAIT).toMillis();
    return Optional.of(Instant.ofEpochMilli(Math.min(until, lastCall)));
  }

  /** The other job that runs for all. */
  private Optional<JobRow> leader(String key, JobRow job) throws SQLException {
    Optional<String> id = flight(key).filter(it -> !it.equals(APART));
    if (id.isEmpty() || id.get().equals(job.id.value())) {
      return Optional.empty();
    }
    return JobTable.find(sql, new JobId(id.get()))
        .filter(other -> other.state == JobState.IN_PROGRESS && other.isLeased(now));
  }

  private Optional<String> flight(String key) throws SQLException {
    return sql.first(
        "SELECT leader FROM flights WHERE key = ? AND until > ?",
        row -> row.getString(1),
        key,
        now);
  }

  /** The job runs, for all who wait unless somebody does already. */
  void lead(JobRow job, Sharing sharing) throws SQLException {
    if (leader(sharing.key(), job).isEmpty()
        && flight(sharing.key()).filter(APART::equals).isEmpty()) {
      fly(sharing.key(), job.id.value(), job.finishBy);
    }
  }

  private void fly(String key, String leader, long until) throws SQLException {
    sql.update("DELETE FROM flights WHERE until <= ?", now);
    sql.update(
        "INSERT OR REPLACE INTO flights (key, leader, until) VALUES (?, ?, ?)", key, leader, until);
  }

  /**
   * A job that shares its answer has ended.
   *
   * @return those that were answered with it
   */
  List<JobId> ended(JobRow job, Ending ending) throws SQLException {
    Optional<Sharing> sharing = Optional.ofNullable(job.sharing).flatMap(SharingCodec::read);
    if (sharing.isEmpty()) {
      return List.of();
    }
    boolean led = flight(sharing.get().key()).filter(job.id.value()::equals).isPresent();
    if (led && (job.state == JobState.COMPLETED || job.state == JobState.CANCELLED)) {
      sql.update("DELETE FROM flights WHERE key = ?", sharing.get().key());
    } else if (led) {
      fly(sharing.get().key(), APART, now + Sharing.APART.toMillis());
    }
    return job.state == JobState.COMPLETED
        ? land(job, sharing.get(), EndingCodec.write(ending), ending.usage().tokens())
        : List.of();
  }

  private List<JobId> land(JobRow job, Sharing sharing, String ending, int tokens)
      throws SQLException {
    long bytes = ending.getBytes(StandardCharsets.UTF_8).length;
    keep(job, sharing, ending, bytes, tokens);
    List<JobRow> waiting =
        sql.all(
            """
            SELECT * FROM jobs WHERE answer_key = ? AND state = 'queued'
              AND attempt = 0 AND published = 1 LIMIT ?
            """,
            JobRow::of,
            sharing.key(),
            Math.max(1, FLIGHT_BYTES_MAX / (2 * bytes + 2048)));
    Answer answer = new Answer(ending, job.id, job.tenant, tokens);
    for (JobRow one : waiting) {
      answerJoined(one, answer);
    }
    return waiting.stream().map(one -> one.id).toList();
  }

  private void keep(JobRow job, Sharing sharing, String ending, long bytes, int tokens)
      throws SQLException {
    Sharing.Terms terms = sharing.terms();
    long taken = bytes + Sharing.OVERHEAD_BYTES;
    if (bytes > Sharing.ANSWER_BYTES_MAX || taken > terms.bytesMax()) {
      return;
    }
    sql.update("DELETE FROM answers WHERE until <= ?", now);
    sql.update(
        """
        INSERT OR REPLACE INTO answers (key, ending, job, tenant, tokens, bytes, at, until)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        sharing.key(),
        ending,
        job.id.value(),
        job.tenant,
        tokens,
        taken,
        now,
        now + terms.age().toMillis());
    sql.update(
        """
        DELETE FROM answers WHERE key IN (
          SELECT key FROM (
            SELECT key, row_number() OVER last AS place, sum(bytes) OVER last AS taken
            FROM answers WINDOW last AS (ORDER BY until DESC, rowid DESC))
          WHERE place > ? OR taken > ?)
        """,
        terms.entriesMax(),
        terms.bytesMax());
  }
}
