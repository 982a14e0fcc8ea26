package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.ApiKey;
import io.sluice.AuditEvent.Action;
import io.sluice.Await;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.Leases.Lease;
import io.sluice.Output;
import io.sluice.Usage;
import io.sluice.auth.ApiKeys;
import io.sluice.gateway.TestGateway.Answer;
import io.sluice.gateway.held.HeldConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What holds for every client that is kept waiting, seen through Ollama's chat. */
class HeldRequestsTest {
  private static final HeldConfig PATIENT =
      new HeldConfig(Duration.ofMinutes(1), Duration.ofMillis(60), HeldConfig.Failures.ERROR);

  private static final HeldConfig HASTY =
      new HeldConfig(Duration.ofMillis(1), Duration.ofMillis(60), HeldConfig.Failures.ERROR);

  private TestGateway sluice = with(PATIENT);

  private static TestGateway with(HeldConfig config) {
    return new TestGateway(
        it -> it.held(config).limits(Bounds.DEFAULT.streams(TestGateway.streams(3, 4, 5))));
  }

  @AfterEach
  void close() {
    sluice.close();
  }

  private void restart(HeldConfig config) {
    sluice.close();
    sluice = with(config);
  }

  private LineReader ask(String... headers) {
    return LineReader.post(sluice, "/api/chat", TestGateway.chat("hello"), headers);
  }

  private LineReader askWhole() {
    return LineReader.post(
        sluice,
        "/api/chat",
        TestGateway.chat("hello").replace("{\"model", "{\"stream\":false,\"model"));
  }

  private JobId job() {
    await().until(() -> sluice.store.all().size() == 1);
    return sluice.store.all().getFirst().id();
  }

  private JobState state() {
    return sluice.store.all().getFirst().state();
  }

  private static Ending ended(String text) {
    return MemoryStore.completed(text);
  }

  private static String said(LineReader client) {
    StringBuilder text = new StringBuilder();
    client.json().forEach(line -> text.append(line.path("message").path("content").asText()));
    return text.toString();
  }

  private static void assertThatOneLineEnds(LineReader client) {
    await().until(client::isEnded);
    List<JsonNode> lines = client.json();
    assertThat(client.body()).endsWith("\n").doesNotContain("\n\n");
    assertThat(lines.stream().filter(HeldRequestsTest::isTerminal)).hasSize(1);
    assertThat(isTerminal(lines.getLast())).isTrue();
    assertThat(client.isCut()).isFalse();
  }

  private static boolean isTerminal(JsonNode line) {
    return line.path("done").asBoolean() || line.has("error");
  }

  @Test
  void the_status_waits_for_the_first_piece_and_not_for_the_end() {
    try (LineReader client = ask()) {
      JobId id = job();
      Lease lease = sluice.store.claim(id);
      await().during(Duration.ofMillis(200)).until(() -> !client.hasStatus());
      sluice.store.tokens(lease, 1, "Hel");
      await().until(() -> !said(client).isEmpty());
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.header("X-Request-Id")).isEqualTo(id.value());
      sluice.store.tokens(lease, 2, "lo");
      sluice.store.finish(id, ended("Hello"));
      assertThatOneLineEnds(client);
      assertThat(said(client)).isEqualTo("Hello");
    }
    assertThat(outcome("answered")).isEqualTo(1);
  }

  @Test
  void a_job_that_fails_before_it_said_anything_is_a_status() {
    try (LineReader client = ask()) {
      JobId id = job();
      sluice.store.claim(id);
      sluice.store.finish(
          id,
          new Ending.Failed(
              new Failure(FailureCode.ENGINE_BUSY, "Busy."), Output.NONE, Usage.NONE));
      await().until(client::isEnded);
      assertThat(client.status()).isEqualTo(503);
      assertThat(client.header("Retry-After")).isEqualTo("5");
      assertThat(client.body()).isEqualTo("{\"error\":\"Busy.\"}");
    }
    assertThat(outcome("failed")).isEqualTo(1);
  }

  @Test
  void a_job_that_fails_in_the_middle_ends_its_stream_with_one_line() {
    try (LineReader client = ask()) {
      JobId id = job();
      sluice.store.tokens(sluice.store.claim(id), 1, "Hel");
      await().until(() -> !said(client).isEmpty());
      sluice.store.finish(id, MemoryStore.failed());
      assertThatOneLineEnds(client);
      assertThat(client.lines.getLast()).isEqualTo("{\"error\":\"The engine died.\"}");
    }
  }

  @Test
  void a_refusal_costs_no_wait_and_no_stream() {
    sluice.store.waitingMax = 0;
    Answer refused = sluice.json("POST", "/api/chat", TestGateway.chat("hello"));
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isEqualTo("3");
    assertThat(refused.json().path("error").asText()).contains("may wait");
    assertThat(sluice.told).contains("refused too_many_waiting");
  }

  @Test
  void a_client_that_waits_too_long_for_a_status_gets_one_and_beats_after_it() {
    restart(HASTY);
    try (LineReader client = ask()) {
      JobId id = job();
      await().until(() -> client.lines.size() >= 3);
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.json())
          .allMatch(line -> line.path("message").path("content").asText("?").isEmpty())
          .allMatch(line -> !line.path("done").asBoolean(true));
      Lease lease = sluice.store.claim(id);
      sluice.store.tokens(lease, 1, "Hello");
      sluice.store.finish(id, ended("Hello"));
      assertThatOneLineEnds(client);
      assertThat(said(client)).isEqualTo("Hello");
    }
  }

  @Test
  void a_job_that_expires_behind_an_early_status_ends_the_stream_with_one_line() {
    restart(HASTY);
    try (LineReader client = ask()) {
      JobId id = job();
      await().until(() -> !client.lines.isEmpty());
      sluice.store.end(id, new Ending.Expired());
      assertThatOneLineEnds(client);
      assertThat(client.json().getLast().path("error").asText()).contains("did not start");
    }
  }

  @Test
  void a_client_that_leaves_while_its_job_waits_takes_it_along() {
    LineReader client = ask();
    job();
    client.close();
    await().until(() -> state() == JobState.CANCELLED);
    assertThat(outcome("dropped")).isEqualTo(1);
    assertThat(sluice.audit.events).anyMatch(it -> it.action() == Action.JOB_CANCEL);
    await().until(() -> sluice.store.log.watching() == 0);
  }

  @Test
  void a_client_that_leaves_while_its_job_runs_silently_stops_it() {
    LineReader client = ask();
    sluice.store.claim(job());
    client.close();
    await().until(() -> state() == JobState.CANCELLING);
  }

  @Test
  void a_client_that_leaves_in_the_middle_of_the_answer_stops_it() {
    LineReader client = ask();
    sluice.store.tokens(sluice.store.claim(job()), 1, "Hel");
    await().until(() -> !client.lines.isEmpty());
    client.close();
    await().until(() -> state() == JobState.CANCELLING);
    await().until(() -> sluice.meters.get("sluice.gateway.readers").gauge().value() == 0);
    assertThat(sluice.meters.get("sluice.gateway.held").gauge().value()).isZero();
  }

  @Test
  void a_client_that_leaves_while_its_whole_answer_is_made_stops_it() {
    LineReader client = askWhole();
    sluice.store.claim(job());
    client.close();
    await().until(() -> state() == JobState.CANCELLING);
  }

  @Test
  void a_client_that_leaves_while_it_is_being_let_in_leaves_no_job_behind() {
    sluice.store.slowness = Duration.ofMillis(200);
    LineReader client = ask();
    job();
    client.close();
    await().until(() -> state() == JobState.CANCELLED);
    assertThat(sluice.store.log.watching()).isZero();
  }

  @Test
  void a_job_that_the_queue_may_have_is_withdrawn_since_nobody_could_ask_for_it() {
    sluice.queue.publishing = MemoryQueue.Publishing.STORES_WITHOUT_ANSWER;
    try (LineReader client = ask()) {
      await().until(client::isEnded);
      assertThat(client.status()).isEqualTo(503);
      await().until(() -> state() == JobState.CANCELLED);
    }
  }

  @Test
  void a_job_is_withdrawn_when_the_store_comes_back() {
    LineReader client = ask();
    job();
    await().until(() -> sluice.store.log.watching() == 1);
    sluice.store.away = true;
    client.close();
    await().until(() -> outcome("dropped") == 1);
    sluice.store.away = false;
    await().until(() -> state() == JobState.CANCELLED);
  }

  @Test
  void a_client_that_has_its_answer_cancels_nothing() {
    try (LineReader client = ask()) {
      JobId id = job();
      sluice.store.claim(id);
      sluice.store.finish(id, ended("Hello"));
      assertThatOneLineEnds(client);
    }
    assertThat(sluice.audit.events).noneMatch(it -> it.action() == Action.JOB_CANCEL);
  }

  @Test
  void an_attempt_that_is_lost_before_it_said_anything_is_not_noticed() {
    try (LineReader client = ask()) {
      JobId id = job();
      sluice.store.claim(id);
      Lease second = sluice.store.claim(id);
      sluice.store.tokens(second, 1, "Hello");
      sluice.store.finish(id, ended("Hello"));
      assertThatOneLineEnds(client);
      assertThat(said(client)).isEqualTo("Hello");
    }
  }

  @Test
  void pieces_that_were_void_before_they_were_sent_are_never_sent() {
    restart(HASTY);
    try (LineReader client = ask()) {
      JobId id = job();
      await().until(() -> !client.lines.isEmpty());
      synchronized (sluice.store) {
        sluice.store.tokens(sluice.store.claim(id), 1, "lost");
        sluice.store.tokens(sluice.store.claim(id), 1, "Hello");
        sluice.store.finish(id, ended("Hello"));
      }
      assertThatOneLineEnds(client);
      assertThat(said(client)).isEqualTo("Hello");
    }
  }

  @Test
  void an_attempt_that_is_lost_in_the_middle_of_the_answer_ends_it_and_its_job() {
    try (LineReader client = ask()) {
      JobId id = job();
      sluice.store.tokens(sluice.store.claim(id), 1, "Hel");
      await().until(() -> !said(client).isEmpty());
      sluice.store.tokens(sluice.store.claim(id), 1, "Hello");
      assertThatOneLineEnds(client);
      assertThat(said(client)).isEqualTo("Hel");
      assertThat(client.json().getLast().path("error").asText()).contains("not whole");
      await().until(() -> state() == JobState.CANCELLING);
    }
    assertThat(outcome("interrupted")).isEqualTo(1);
  }

  @Test
  void an_attempt_that_goes_on_where_the_lost_one_was_is_told_without_a_word_twice() {
    restart(HASTY.continues(true));
    try (LineReader client = ask()) {
      JobId id = job();
      synchronized (sluice.store) {
        sluice.store.tokens(sluice.store.claim(id), 1, "Hel");
      }
      await().until(() -> said(client).equals("Hel"));
      synchronized (sluice.store) {
        sluice.store.tokens(sluice.store.claim(id), 1, "He", "llo", " there 🙂");
        sluice.store.finish(id, ended("Hello there 🙂"));
      }
      assertThatOneLineEnds(client);
      assertThat(said(client)).isEqualTo("Hello there 🙂");
      assertThat(client.json().getLast().path("done").asBoolean()).isTrue();
    }
  }

  @Test
  void an_attempt_that_says_something_else_ends_what_was_begun() {
    restart(HASTY.continues(true));
    try (LineReader client = ask()) {
      JobId id = job();
      sluice.store.tokens(sluice.store.claim(id), 1, "Hel");
      await().until(() -> said(client).equals("Hel"));
      sluice.store.tokens(sluice.store.claim(id), 1, "Help!");
      sluice.store.tokens(sluice.store.claim(id), 1, "Good morning");
      assertThatOneLineEnds(client);
      assertThat(client.json().getLast().path("error").asText()).contains("not whole");
    }
  }

  @Test
  void an_attempt_that_ends_before_it_has_said_what_was_told_ends_it_as_broken_off() {
    restart(HASTY.continues(true));
    try (LineReader client = ask()) {
      JobId id = job();
      sluice.store.tokens(sluice.store.claim(id), 1, "Hello");
      await().until(() -> said(client).equals("Hello"));
      synchronized (sluice.store) {
        sluice.store.tokens(sluice.store.claim(id), 1, "Hel");
        sluice.store.finish(id, ended("Hel"));
      }
      assertThatOneLineEnds(client);
      assertThat(said(client)).isEqualTo("Hello");
      assertThat(client.json().getLast().path("error").asText()).contains("not whole");
    }
  }

  @Test
  void a_gateway_that_stops_ends_what_it_holds_and_withdraws_the_jobs() {
    try (LineReader waiting = ask()) {
      job();
      await().until(() -> sluice.store.log.watching() == 1);
      Await.await(sluice.gateway.stop());
      await().until(waiting::isEnded);
      assertThat(waiting.status()).isEqualTo(503);
      assertThat(waiting.header("Retry-After")).isEqualTo("2");
      assertThat(state()).isEqualTo(JobState.CANCELLED);
    }
  }

  @Test
  void a_gateway_that_stops_ends_a_stream_with_one_line() {
    try (LineReader client = ask()) {
      sluice.store.tokens(sluice.store.claim(job()), 1, "Hel");
      await().until(() -> !said(client).isEmpty());
      Await.await(sluice.gateway.stop());
      assertThatOneLineEnds(client);
      assertThat(state()).isEqualTo(JobState.CANCELLING);
    }
  }

  @Test
  void a_gateway_that_stops_leaves_a_job_whose_key_finds_it_again() {
    try (LineReader client = ask("Idempotency-Key", "k")) {
      job();
      await().until(() -> sluice.store.log.watching() == 1);
      Await.await(sluice.gateway.stop());
      await().until(client::isEnded);
      assertThat(client.status()).isEqualTo(503);
      assertThat(state()).isEqualTo(JobState.QUEUED);
    }
  }

  @Test
  void the_same_key_joins_the_job_and_the_last_client_that_leaves_ends_it() {
    LineReader first = ask("Idempotency-Key", "k");
    JobId id = job();
    await().until(() -> sluice.store.log.watching() == 1);
    LineReader second = ask("Idempotency-Key", "k");
    await().until(() -> sluice.store.log.watching() == 2);
    first.close();
    await().until(() -> outcome("dropped") == 1);
    Lease lease = sluice.store.claim(id);
    sluice.store.tokens(lease, 1, "Hello");
    sluice.store.finish(id, ended("Hello"));
    assertThatOneLineEnds(second);
    assertThat(said(second)).isEqualTo("Hello");
    assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
    second.close();
  }

  @Test
  void a_key_of_a_job_that_needs_no_client_does_not_join_one_that_would_take_it_along() {
    String body = TestGateway.chat("hello");
    String job = body.replace("{\"model", "{\"kind\":\"chat\",\"timeout\":\"10m\",\"model");
    Answer background = sluice.json("POST", "/v1/jobs", job, "Idempotency-Key", "k");
    assertThat(background.status()).isEqualTo(202);
    Answer held = sluice.json("POST", "/api/chat", body, "Idempotency-Key", "k");
    assertThat(held.status()).isEqualTo(400);
    assertThat(held.json().path("error").asText()).contains("take a new one");
    assertThat(state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void a_revoked_key_ends_what_it_holds() {
    String key = sluice.key("default", ApiKey.ALL_SCOPES);
    try (LineReader client = ask("Authorization", "Bearer " + key)) {
      job();
      await().until(() -> sluice.store.log.watching() == 1);
      sluice.directory.revoke(ApiKeys.parse(key).orElseThrow().id(), Instant.now());
      await().until(client::isEnded);
      assertThat(client.status()).isEqualTo(401);
      await().until(() -> state() == JobState.CANCELLED);
    }
  }

  @Test
  void held_requests_count_as_readers() {
    List<LineReader> open = List.of(ask(), ask(), ask());
    await().until(() -> sluice.store.log.watching() == 3);
    Answer refused = sluice.json("POST", "/api/chat", TestGateway.chat("hello"));
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isEqualTo("5");
    assertThat(sluice.store.all()).hasSize(3);
    open.forEach(LineReader::close);
    await().until(() -> sluice.meters.get("sluice.gateway.readers").gauge().value() == 0);
  }

  @Test
  void the_user_of_a_front_end_is_the_session_unless_one_is_named() {
    LineReader first = ask("X-OpenWebUI-Chat-Id", "c", "X-OpenWebUI-User-Id", "u");
    job();
    assertThat(record().job().session()).contains("u");
    first.close();
    LineReader second = ask("X-OpenWebUI-User-Id", "u", "X-Session-Id", "s");
    await().until(() -> sluice.store.all().size() == 2);
    assertThat(record().job().session()).contains("s");
    second.close();
  }

  private JobRecord record() {
    return sluice.store.all().getFirst();
  }

  @Test
  void a_reader_that_never_reads_is_bounded_and_cut_and_its_job_stopped() throws IOException {
    sluice.close();
    sluice =
        new TestGateway(
            it ->
                it.limits(
                    Bounds.DEFAULT.streams(
                        new StreamBounds(
                            9,
                            9,
                            9,
                            Duration.ofHours(1),
                            Duration.ofMillis(500),
                            Duration.ofMinutes(1)))));
    String body = TestGateway.chat("hello");
    try (RawClient client = new RawClient(sluice, 4 * 1024)) {
      client.send(
          "POST /api/chat HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(sluice.key, body.length(), body));
      Lease lease = sluice.store.claim(job());
      String text = "x".repeat(10_000);
      for (int i = 0; i < 5_000; i++) {
        sluice.store.tokens(lease, 1 + i, text);
      }
      await().until(() -> state() == JobState.CANCELLING);
      assertThat(sluice.store.log.eventsRead.get()).isBetween(1, 1_500);
    }
  }

  @Test
  void a_connection_on_which_an_answer_is_waited_for_is_never_idle() throws IOException {
    sluice.close();
    sluice =
        new TestGateway(
            it ->
                it.limits(
                    Bounds.DEFAULT.connections(
                        ConnectionBounds.DEFAULT.idleMax(Duration.ofMillis(200)))));
    String body = TestGateway.chat("hello");
    String request =
        "POST /api/chat HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(sluice.key, body.length(), body);
    try (RawClient held = new RawClient(sluice)) {
      held.send(request);
      JobId id = job();
      await().during(Duration.ofMillis(700)).until(() -> state() == JobState.QUEUED);
      sluice.store.claim(id);
      sluice.store.finish(id, ended("Hello"));
      assertThat(held.status()).isEqualTo(200);
      held.skipTo("\r\n0\r\n\r\n");
      assertThat(held.isClosed()).as("and idle again after its answer").isTrue();
    }
  }

  @Test
  void an_answer_whose_log_is_gone_is_told_from_the_record() {
    JobId id;
    try (LineReader first = ask("Idempotency-Key", "k")) {
      id = job();
      sluice.store.claim(id);
      sluice.store.finish(id, ended("Hello"));
      assertThatOneLineEnds(first);
      assertThat(said(first)).as("nothing of it was in the log").isEqualTo("Hello");
    }
    try (LineReader again = ask("Idempotency-Key", "k")) {
      assertThatOneLineEnds(again);
      assertThat(said(again)).isEqualTo("Hello");
    }
    assertThat(sluice.store.all()).hasSize(1);
  }

  @Test
  void a_lost_record_is_an_error_and_no_endless_wait() {
    try (LineReader client = ask()) {
      JobId id = job();
      await().until(() -> sluice.store.log.watching() == 1);
      sluice.store.forget(id);
      await().until(client::isEnded);
      assertThat(client.status()).isEqualTo(503);
    }
  }

  @Test
  void the_whole_answer_comes_at_once_with_its_length() {
    try (LineReader client = askWhole()) {
      JobId id = job();
      Lease lease = sluice.store.claim(id);
      sluice.store.tokens(lease, 1, "Hello");
      await().during(Duration.ofMillis(100)).until(() -> !client.hasStatus());
      sluice.store.finish(id, ended("Hello"));
      await().until(client::isEnded);
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.header("Content-Length")).isEqualTo("" + client.bytes().length);
    }
  }

  private double outcome(String name) {
    return sluice.meters.find("sluice.gateway.held.ended").tag("outcome", name).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }
}
