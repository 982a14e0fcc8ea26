package io.sluice.gateway;

import static io.sluice.gateway.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.JobClass;
import io.sluice.JobId;
import io.sluice.Lines;
import io.sluice.Lines.Amount;
import io.sluice.Lines.Odds;
import io.sluice.Ticket;
import io.sluice.gateway.TestGateway.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said of waiting, from the counters of a pool. */
class QueueTest {
  private final TestGateway sluice = new TestGateway();

  @AfterEach
  void close() {
    sluice.close();
  }

  /** The lane of the jobs of these tests, in which {@code ahead} others wait before them. */
  private void waiting(long ahead, double jobsPerSecond) {
    sluice.store.lines =
        pool -> {
          Lines.Queue lane =
              new Lines.Queue(
                  MemoryStore.TICKET.lane(), 1, new Amount(ahead, ahead * 100), Amount.NONE, 0);
          return new Lines(
              pool,
              Instant.now(),
              0,
              false,
              jobsPerSecond > 0
                  ? Optional.of(new Lines.Pace(jobsPerSecond, jobsPerSecond * 100, 100, 4, 1))
                  : Optional.empty(),
              Map.of(
                  JobClass.INTERACTIVE,
                  new Lines.Line(List.of(lane), Map.of("default", lane.number()), Odds.BEFORE)));
        };
    sluice.store.ticket = new Ticket(MemoryStore.TICKET.lane(), ahead, ahead * 100);
    forgotten();
  }

  /** The look at the backlog that is remembered is over. */
  private void forgotten() {
    Instant after = Instant.now().plusMillis(300);
    await().until(() -> Instant.now().isAfter(after));
  }

  private JsonNode queue(JobId id) {
    return sluice.get("/v1/jobs/" + id).json().path("queue");
  }

  @Test
  void a_waiting_job_says_where_it_stands_when_it_is_submitted_read_and_listed() {
    waiting(12, 2);
    Answer submitted = sluice.post(chat("hi"));
    JobId id = new JobId(submitted.json().path("id").asText());

    JsonNode listed = sluice.get("/v1/jobs").json().at("/data/0/queue");
    for (JsonNode queue : List.of(submitted.json().path("queue"), queue(id), listed)) {
      assertThat(queue.path("position").asInt()).isBetween(12, 13);
      assertThat(queue.path("work_ahead_tokens").asInt()).isBetween(1_100, 1_200);
      Instant half = Instant.parse(queue.at("/expected_start/p50").asText());
      Instant most = Instant.parse(queue.at("/expected_start/p90").asText());
      assertThat(half).isBetween(Instant.now().plusSeconds(4), Instant.now().plusSeconds(12));
      assertThat(most).isAfter(half);
    }
  }

  @Test
  void without_a_pace_the_expected_start_is_unknown_and_without_counters_all_is() {
    waiting(3, 0);
    JobId id = sluice.submit();
    assertThat(queue(id).path("position").isNumber()).isTrue();
    assertThat(queue(id).path("expected_start").isNull()).isTrue();

    sluice.store.lines =
        pool -> new Lines(pool, Instant.now(), 0, false, Optional.empty(), Map.of());
    forgotten();
    assertThat(queue(id).toString())
        .isEqualTo("{\"position\":null,\"work_ahead_tokens\":null,\"expected_start\":null}");
  }

  @Test
  void a_job_that_does_not_wait_has_no_queue() {
    waiting(3, 1);
    JobId id = sluice.submit();
    sluice.store.claim(id);
    assertThat(queue(id).isNull()).isTrue();
  }

  @Test
  void the_backlog_is_looked_at_four_times_a_second_at_most() {
    waiting(3, 1);
    AtomicInteger looks = new AtomicInteger();
    var lines = sluice.store.lines;
    sluice.store.lines =
        pool -> {
          looks.incrementAndGet();
          return lines.apply(pool);
        };
    JobId id = sluice.submit();
    Instant begun = Instant.now();
    for (int i = 0; i < 40; i++) {
      queue(id);
    }
    long quarters = Duration.between(begun, Instant.now()).toMillis() / 250;
    assertThat((long) looks.get()).isLessThanOrEqualTo(quarters + 3);
  }

  @Test
  void the_tag_stays_while_only_the_queue_moves_so_that_a_long_poll_waits() {
    waiting(9, 1);
    JobId id = sluice.submit();
    String tag = sluice.get("/v1/jobs/" + id).header("ETag");
    waiting(5, 1);
    forgotten();
    assertThat(tag).startsWith("W/");
    assertThat(sluice.get("/v1/jobs/" + id, "If-None-Match", tag).status()).isEqualTo(304);
    CompletableFuture<Answer> poll =
        CompletableFuture.supplyAsync(
            () -> sluice.get("/v1/jobs/" + id + "?wait=30", "If-None-Match", tag));
    forgotten();
    assertThat(poll).isNotDone();
    sluice.store.claim(id);
    assertThat(poll.orTimeout(20, TimeUnit.SECONDS).join().status()).isEqualTo(200);
  }

  @Test
  void a_stream_tells_where_its_job_stands_at_once_and_when_that_changes_until_it_starts() {
    waiting(9, 1);
    JobId id = sluice.submit();
    try (SseReader reader = SseReader.open(sluice, id, Optional.empty())) {
      await().until(() -> reader.events.stream().anyMatch(it -> it.type().equals("queue")));
      waiting(2, 1);
      await().until(() -> reader.events.size() >= 2);
      assertThat(reader.events).allMatch(it -> it.type().equals("queue") && it.id().isEmpty());
      sluice.store.claim(id);
      await().until(() -> reader.events.getLast().type().equals("start"));
      sluice.store.finish(id, MemoryStore.completed("x"));
      await().until(() -> reader.ended);
    }
  }

  @Test
  void a_job_that_cannot_start_in_time_is_refused_with_the_earliest_time() {
    waiting(100, 1);
    String brief = chat("hi").replaceFirst("}$", ",\"queue_timeout\":\"20s\"}");

    Answer refused = sluice.post(brief);

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.code()).isEqualTo("deadline_unattainable");
    Instant earliest = Instant.parse(refused.json().path("earliest_start").asText());
    assertThat(earliest).isAfter(Instant.parse(refused.json().path("start_by").asText()));
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(30, 200);
    assertThat(sluice.store.all()).isEmpty();
    assertThat(sluice.told).contains("refused deadline_unattainable");
    assertThat(sluice.post(chat("hi")).status()).as("ten minutes are enough").isEqualTo(202);
  }

  @Test
  void what_was_let_in_before_is_replayed_even_where_it_would_be_too_late_now() {
    waiting(0, 1);
    String brief = chat("hi").replaceFirst("}$", ",\"queue_timeout\":\"20s\"}");
    Answer first = sluice.post(brief, "Idempotency-Key", "k");
    waiting(100, 1);
    forgotten();

    Answer again = sluice.post(brief, "Idempotency-Key", "k");
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.json().path("id")).isEqualTo(first.json().path("id"));
    String other = brief.replace("hi", "ho");
    assertThat(sluice.post(other, "Idempotency-Key", "k").code())
        .isEqualTo("idempotency_key_reused");
    assertThat(sluice.post(brief, "Idempotency-Key", "new").code())
        .isEqualTo("deadline_unattainable");
  }

  @Test
  void a_refusal_of_waiting_says_when_a_place_comes_free_at_the_pace_of_the_pool() {
    waiting(40, 0.1);
    sluice.store.waitingMax = 0;

    Answer refused = sluice.post(chat("hi"));

    assertThat(refused.code()).isEqualTo("too_many_waiting");
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(8, 15);
  }

  @Test
  void what_waits_and_its_pace_are_gauges() {
    waiting(40, 2);
    await()
        .until(
            () -> {
              String page = sluice.get("/metrics").body();
              return page.contains(
                      "sluice_waiting_jobs{class=\"interactive\",pool=\"qwen3:14b@8k\"} 40.0")
                  && page.contains("sluice_pace_jobs{pool=\"qwen3:14b@8k\"} 2.0");
            });
  }
}
