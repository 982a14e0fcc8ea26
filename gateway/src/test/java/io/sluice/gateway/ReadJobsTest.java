package io.sluice.gateway;

import static io.sluice.gateway.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.Gauge;
import io.sluice.Await;
import io.sluice.Ending;
import io.sluice.JobId;
import io.sluice.Output;
import io.sluice.Timings;
import io.sluice.Usage;
import io.sluice.gateway.TestGateway.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadJobsTest {
  private final TestGateway sluice = new TestGateway();

  @AfterEach
  void close() {
    sluice.close();
  }

  @Test
  void a_finished_job_shows_its_output_and_a_failed_one_why() {
    JobId done = sluice.submit();
    JobId failed = sluice.submit();
    sluice.store.claim(done);
    sluice.store.finish(done, MemoryStore.completed("text"));
    sluice.store.finish(failed, MemoryStore.failed());
    JsonNode first = sluice.get("/v1/jobs/" + done).json();
    assertThat(first.path("state").asText()).isEqualTo("completed");
    assertThat(first.path("queue").isNull()).isTrue();
    assertThat(first.path("output").toString())
        .isEqualTo("{\"text\":\"text\",\"thinking\":null,\"tool_calls\":[],\"logprobs\":null}");
    assertThat(first.path("usage").toString())
        .isEqualTo("{\"prompt_tokens\":7,\"completion_tokens\":4}");
    assertThat(first.path("started_at").asText()).endsWith("Z");
    JsonNode error = sluice.get("/v1/jobs/" + failed).json().path("error");
    assertThat(error.toString())
        .isEqualTo(
            "{\"code\":\"engine_crashed\",\"message\":\"The engine died.\",\"retryable\":true}");
  }

  @Test
  void a_finished_job_shows_where_its_time_went_and_how_probable_its_tokens_were() {
    JobId done = sluice.submit();
    sluice.store.claim(done);
    Output output =
        new Output(
            "text",
            Optional.empty(),
            List.of(),
            Optional.of("[{\"token\":\"text\",\"logprob\":-0.5}]"));
    Timings timings =
        new Timings(
            Optional.of(Duration.ofSeconds(90)),
            Optional.empty(),
            Optional.of(Duration.ofNanos(1)),
            Optional.of(Duration.ofMillis(2)));
    sluice.store.finish(done, new Ending.Completed(output, new Usage(7, 4).with(timings)));
    JsonNode job = sluice.get("/v1/jobs/" + done).json();
    assertThat(job.at("/output/logprobs").toString())
        .isEqualTo("[{\"token\":\"text\",\"logprob\":-0.5}]");
    assertThat(job.path("usage").toString())
        .isEqualTo("{\"prompt_tokens\":7,\"completion_tokens\":4}");
    assertThat(job.path("timings").toString())
        .isEqualTo(
            "{\"total_ns\":90000000000,\"load_ns\":null,\"prompt_ns\":1,"
                + "\"completion_ns\":2000000}");
  }

  @Test
  void an_unchanged_job_is_304_until_something_happens() {
    String path = "/v1/jobs/" + sluice.submit();
    Answer first = sluice.get(path);
    String tag = first.header("ETag");
    assertThat(sluice.get(path, "If-None-Match", tag).status()).isEqualTo(304);
    sluice.delete(path);
    Answer changed = sluice.get(path, "If-None-Match", tag);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.header("ETag")).isNotEqualTo(tag);
  }

  @Test
  void a_long_poll_answers_when_the_job_ends() throws Exception {
    JobId id = sluice.submit();
    try (ExecutorService client = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> waiting = client.submit(() -> sluice.get("/v1/jobs/" + id + "?wait=30"));
      await().until(() -> sluice.store.log.watching() == 1);
      sluice.store.claim(id);
      sluice.store.finish(id, MemoryStore.completed("x"));
      assertThat(waiting.get().json().path("state").asText()).isEqualTo("completed");
    }
    assertThat(sluice.store.log.watching()).isZero();
  }

  @Test
  void a_long_poll_with_a_tag_answers_when_anything_changes() throws Exception {
    JobId id = sluice.submit();
    String tag = sluice.get("/v1/jobs/" + id).header("ETag");
    try (ExecutorService client = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> waiting =
          client.submit(() -> sluice.get("/v1/jobs/" + id + "?wait=30", "If-None-Match", tag));
      await().until(() -> sluice.store.log.watching() == 1);
      sluice.store.claim(id);
      assertThat(waiting.get().json().path("state").asText()).isEqualTo("in_progress");
    }
  }

  @Test
  void a_long_poll_that_is_over_answers_what_is() {
    Answer answer = sluice.get("/v1/jobs/" + sluice.submit() + "?wait=1");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("state").asText()).isEqualTo("queued");
    assertThat(sluice.store.log.watching()).isZero();
  }

  @Test
  void cancelling_is_200_for_what_has_ended_and_202_for_what_runs() {
    JobId queued = sluice.submit();
    JobId running = sluice.submit();
    sluice.store.claim(running);
    assertThat(state(sluice.delete("/v1/jobs/" + queued), 200)).isEqualTo("cancelled");
    assertThat(sluice.told).contains("ended cancelled");
    assertThat(state(sluice.delete("/v1/jobs/" + queued), 200)).isEqualTo("cancelled");
    assertThat(state(sluice.delete("/v1/jobs/" + running), 202)).isEqualTo("cancelling");
    assertThat(state(sluice.delete("/v1/jobs/" + running), 202)).isEqualTo("cancelling");
  }

  private static String state(Answer answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    return answer.json().path("state").asText();
  }

  @Test
  void pages_hold_every_job_once_newest_first() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      made.addFirst(sluice.post(chat("hi")).json().path("id").asText());
    }
    List<String> listed = new ArrayList<>();
    String after = "";
    boolean more = true;
    while (more) {
      JsonNode page = sluice.get("/v1/jobs?limit=3" + after).json();
      assertThat(page.path("object").asText()).isEqualTo("list");
      page.path("data").forEach(job -> listed.add(job.path("id").asText()));
      more = page.path("has_more").asBoolean();
      after = "&after=" + page.path("next").asText();
    }
    assertThat(listed).containsExactlyInAnyOrderElementsOf(made).doesNotHaveDuplicates();
    assertThat(listed).isSortedAccordingTo(Comparator.reverseOrder());
  }

  @Test
  void a_list_can_be_narrowed_to_a_state() {
    JobId id = sluice.submit();
    sluice.submit();
    sluice.delete("/v1/jobs/" + id);
    JsonNode cancelled = sluice.get("/v1/jobs?state=cancelled").json().path("data");
    assertThat(cancelled).hasSize(1);
    assertThat(cancelled.get(0).path("id").asText()).isEqualTo(id.value());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"limit=0", "limit=101", "limit=x", "state=done", "after=x", "limit=1&limit=2"})
  void a_list_that_is_asked_for_wrongly_is_400(String query) {
    assertThat(sluice.get("/v1/jobs?" + query).code()).isEqualTo("malformed_request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"61", "-1", "x", ""})
  void a_wait_that_is_none_is_400(String wait) {
    assertThat(sluice.get("/v1/jobs/" + sluice.submit() + "?wait=" + wait).status()).isEqualTo(400);
  }

  @Test
  void a_store_that_is_away_is_503_everywhere() {
    String path = "/v1/jobs/" + sluice.submit();
    sluice.store.away = true;
    for (Answer answer :
        List.of(
            sluice.get(path),
            sluice.get(path + "/events"),
            sluice.delete(path),
            sluice.get("/v1/jobs"))) {
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("Retry-After")).isNotEmpty();
    }
  }

  @Test
  void a_store_that_is_being_rebuilt_is_503_and_not_404() {
    String path = "/v1/jobs/" + sluice.submit();
    sluice.store.wipe();
    for (Answer answer : List.of(sluice.get(path), sluice.delete(path))) {
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.code()).isEqualTo("store_recovering");
    }
    Await.await(sluice.store.complete(null));
    assertThat(sluice.get(path).status()).isEqualTo(404);
  }

  @Test
  void health_says_what_does_not_work() {
    assertThat(sluice.get("/health/live").status()).isEqualTo(200);
    assertThat(sluice.get("/health/ready").json().path("status").asText()).isEqualTo("ready");
    sluice.unhealthy = "no connection";
    await().until(() -> sluice.get("/health/ready").status() == 503);
    Answer unready = sluice.get("/health/ready");
    assertThat(unready.json().at("/checks/0/reason").asText()).isEqualTo("no connection");
  }

  @Test
  void however_many_ask_a_check_is_made_once_a_second() {
    long begun = System.nanoTime();
    for (int i = 0; i < 200; i++) {
      assertThat(sluice.get("/health/ready").status()).isEqualTo(200);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    assertThat(sluice.checksMade.get()).isBetween(1, (int) took.toSeconds() + 1);
  }

  @Test
  void the_measurements_are_gathered_once_a_second_however_many_ask() {
    AtomicInteger gathered = new AtomicInteger();
    Gauge.builder("gathered", gathered::incrementAndGet).register(sluice.meters);
    long begun = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      assertThat(sluice.get("/metrics").body()).contains("gathered");
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    assertThat(gathered.get()).isBetween(1, (int) took.toSeconds() + 1);
  }

  @Test
  void metrics_count_what_happened() {
    sluice.delete("/v1/jobs/" + sluice.submit());
    sluice.post("{");
    String page = sluice.get("/metrics").body();
    assertThat(page)
        .contains(
            "sluice_gateway_jobs_submitted_total{class=\"interactive\",pool=\"qwen3:14b@8k\"} 1")
        .contains("sluice_gateway_jobs_refused_total{code=\"malformed_json\"} 1")
        .contains("sluice_gateway_jobs_ended_total{state=\"cancelled\"} 1")
        .contains("sluice_gateway_publish_seconds_count{answer=\"confirmed\"} 1")
        .contains("route=\"/v1/jobs/:id\"")
        .contains("sluice_gateway_readers 0");
  }

  @Test
  void a_store_that_hangs_is_one_that_is_away() {
    String path = "/v1/jobs/" + sluice.submit();
    sluice.store.hangs = true;
    assertThat(sluice.get(path).code()).isEqualTo("store_unavailable");
    sluice.store.hangs = false;
  }
}
