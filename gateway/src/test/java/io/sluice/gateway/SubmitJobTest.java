package io.sluice.gateway;

import static io.sluice.gateway.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobId;
import io.sluice.JobKind;
import io.sluice.JobRecord;
import io.sluice.Lane;
import io.sluice.Pool;
import io.sluice.gateway.TestGateway.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SubmitJobTest {
  private static final Lane INTERACTIVE = new Lane.Ready(TestGateway.POOL, JobClass.INTERACTIVE, 0);

  private final TestGateway sluice = new TestGateway();

  @AfterEach
  void close() {
    sluice.close();
  }

  @Test
  void a_job_is_accepted_published_marked_and_announced() {
    Answer answer =
        sluice.post(
            "{\"model\":\"qwen3:14b\",\"kind\":\"chat\",\"messages\":[{\"role\":\"user\","
                + "\"content\":\"Hello, world!\"}],\"options\":{\"temperature\":0.2},"
                + "\"max_output_tokens\":512,\"think\":false,\"class\":\"interactive\","
                + "\"session\":\"s1\",\"queue_timeout\":\"10m\",\"timeout\":\"120s\","
                + "\"metadata\":{\"team\":\"blue\"}}",
            "traceparent",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.header("Location"))
        .isEqualTo("/v1/jobs/" + answer.json().path("id").asText());
    Job job = sluice.queue.in(INTERACTIVE).getFirst().job();
    assertThat(job.id().value()).isEqualTo(answer.json().path("id").asText());
    assertThat(job.promptTokens()).isEqualTo(4 + 5 + 3);
    assertThat(job.maxOutputTokens()).isEqualTo(512);
    assertThat(job.session()).contains("s1");
    assertThat(job.traceparent()).isPresent();
    assertThat(job.request())
        .isEqualTo(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello, world!\"}],"
                + "\"options\":{\"temperature\":0.2},\"think\":false}");
    assertThat(job.startBy()).isEqualTo(job.createdAt().plus(Duration.ofMinutes(10)));
    assertThat(job.finishBy()).isEqualTo(job.startBy().plus(Duration.ofMinutes(3 * 2 + 5)));
    assertThat(sluice.offered).containsExactly(INTERACTIVE);
    assertThat(sluice.told).containsExactly("submitted");
    await().until(() -> sluice.store.all().getFirst().published());
  }

  @Test
  void the_answer_has_every_part_of_a_job_and_nothing_else() {
    JsonNode job = sluice.post(chat("hi")).json();
    List<String> names = new ArrayList<>();
    job.fieldNames().forEachRemaining(names::add);
    assertThat(names)
        .containsExactly(
            "id",
            "object",
            "kind",
            "model",
            "class",
            "state",
            "incomplete_reason",
            "attempt",
            "created_at",
            "start_by",
            "finish_by",
            "started_at",
            "ended_at",
            "queue",
            "output",
            "usage",
            "timings",
            "cached",
            "error",
            "metadata",
            "webhook");
    assertThat(job.path("state").asText()).isEqualTo("queued");
    assertThat(job.path("output").isNull()).isTrue();
    assertThat(job.path("queue").path("position").isNull()).isTrue();
  }

  @Test
  void the_kind_follows_from_what_is_there_and_defaults_are_the_documented_ones() {
    assertThat(
            sluice.post("{\"model\":\"qwen3:14b\",\"prompt\":\"hi\",\"class\":\"batch\"}").status())
        .isEqualTo(202);
    Job job = sluice.queue.in(new Lane.Ready(TestGateway.POOL, JobClass.BATCH, 0)).getFirst().job();
    assertThat(job.kind()).isEqualTo(JobKind.GENERATE);
    assertThat(job.maxOutputTokens()).isEqualTo(4096);
    assertThat(job.timeout()).isEqualTo(Duration.ofSeconds(120));
    assertThat(job.startBy()).isEqualTo(job.createdAt().plus(Duration.ofHours(24)));
  }

  @Test
  void a_prompt_goes_to_the_smallest_pool_that_holds_it_or_to_the_one_that_is_named() {
    assertThat(pool(sluice.post(chat("word ".repeat(5_000))))).isEqualTo(TestGateway.LARGE);
    assertThat(pool(sluice.post(chat("hi")))).isEqualTo(TestGateway.POOL);
    assertThat(pool(sluice.post(chat("hi").replace("14b", "14b@16k"))))
        .isEqualTo(TestGateway.LARGE);
  }

  private Pool pool(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    String id = answer.json().path("id").asText();
    return sluice.store.all().stream()
        .filter(record -> record.id().value().equals(id))
        .map(record -> record.job().pool())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void what_does_not_fit_is_refused_with_its_counts() {
    Answer answer =
        sluice.post(
            chat("word ".repeat(9_000)).replace("14b\"", "14b@8k\",\"max_output_tokens\":100"));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.code()).isEqualTo("context_length_exceeded");
    assertThat(answer.json().path("prompt_tokens").asInt()).isBetween(9_000, 9_020);
    assertThat(answer.json().path("max_output_tokens").asInt()).isEqualTo(100);
    assertThat(answer.json().path("context").asInt()).isEqualTo(8192);
    assertThat(sluice.queue.size()).isZero();
  }

  @Test
  void an_estimated_prompt_is_refused_only_above_twice_its_context() {
    String model = chat("TEXT").replace("qwen3:14b", "smollm:135m");
    assertThat(sluice.post(model.replace("TEXT", "abcd".repeat(1_500))).status()).isEqualTo(202);
    assertThat(sluice.post(model.replace("TEXT", "abcd".repeat(2_500))).code())
        .isEqualTo("context_length_exceeded");
  }

  @Test
  void waits_for_the_end_when_the_client_prefers_that() throws Exception {
    try (ExecutorService client = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> waiting =
          client.submit(() -> sluice.post(chat("hi"), "Prefer", "respond-async, wait=20"));
      await().until(() -> sluice.store.log.watching() > 0);
      JobRecord record = sluice.store.all().getFirst();
      sluice.store.claim(record.id());
      sluice.store.finish(record.id(), MemoryStore.completed("done"));
      Answer answer = waiting.get();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Preference-Applied")).isEqualTo("wait=20");
      assertThat(answer.json().path("output").path("text").asText()).isEqualTo("done");
    }
    await().until(() -> sluice.store.log.watching() == 0);
  }

  @Test
  void a_wait_that_is_over_answers_202() {
    assertThat(sluice.post(chat("hi"), "Prefer", "wait=1").status()).isEqualTo(202);
  }

  @Test
  void fifty_submissions_with_one_key_at_once_are_one_job() throws Exception {
    Set<String> ids = new ConcurrentSkipListSet<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        answers.add(clients.submit(() -> sluice.post(chat("hi"), "Idempotency-Key", "k1")));
      }
      for (Future<Answer> answer : answers) {
        ids.add(accepted(answer));
      }
    }
    assertThat(ids).hasSize(1);
    assertThat(sluice.store.all()).hasSize(1);
    assertThat(sluice.told).containsOnlyOnce("submitted");
  }

  private static String accepted(Future<Answer> answer)
      throws ExecutionException, InterruptedException {
    assertThat(answer.get().status()).isEqualTo(202);
    return answer.get().json().path("id").asText();
  }

  @Test
  void a_replay_says_so_and_the_order_of_fields_does_not_matter() {
    Answer first = sluice.post(chat("hi"), "Idempotency-Key", "k1");
    String turned =
        "{ \"messages\":[{\"content\":\"hi\",\"role\":\"user\"}], \"model\":\"qwen3:14b\" }";
    Answer second = sluice.post(turned, "Idempotency-Key", "k1");
    assertThat(first.header("Idempotent-Replayed")).isEmpty();
    assertThat(second.status()).isEqualTo(202);
    assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(second.json().path("id")).isEqualTo(first.json().path("id"));
  }

  @Test
  void the_same_key_with_another_body_is_refused() {
    sluice.post(chat("hi"), "Idempotency-Key", "k1");
    Answer second = sluice.post(chat("ho"), "Idempotency-Key", "k1");
    assertThat(second.status()).isEqualTo(422);
    assertThat(second.code()).isEqualTo("idempotency_key_reused");
  }

  @Test
  void a_refusal_of_the_queue_is_undone_and_its_key_is_free() {
    sluice.queue.publishing = MemoryQueue.Publishing.REFUSES;
    Answer refused = sluice.post(chat("hi"), "Idempotency-Key", "k1");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.code()).isEqualTo("queue_unavailable");
    assertThat(refused.header("Retry-After")).isNotEmpty();
    assertThat(sluice.store.all()).isEmpty();
    sluice.queue.publishing = MemoryQueue.Publishing.CONFIRMS;
    Answer again = sluice.post(chat("hi"), "Idempotency-Key", "k1");
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.header("Idempotent-Replayed")).isEmpty();
  }

  @Test
  void an_answer_that_never_came_is_never_undone_and_a_replay_publishes_the_same_id() {
    sluice.queue.publishing = MemoryQueue.Publishing.STORES_WITHOUT_ANSWER;
    Answer unknown = sluice.post(chat("hi"), "Idempotency-Key", "k1");
    assertThat(unknown.status()).isEqualTo(503);
    assertThat(sluice.store.all()).hasSize(1);
    sluice.queue.publishing = MemoryQueue.Publishing.REFUSES;
    assertThat(sluice.post(chat("hi"), "Idempotency-Key", "k1").status()).isEqualTo(503);
    assertThat(sluice.store.all()).as("not undone by a replay either").hasSize(1);
    sluice.queue.publishing = MemoryQueue.Publishing.CONFIRMS;
    Answer replay = sluice.post(chat("hi"), "Idempotency-Key", "k1");
    assertThat(replay.status()).isEqualTo(202);
    assertThat(sluice.queue.in(INTERACTIVE))
        .extracting(message -> message.job().id().value())
        .containsExactly(replay.json().path("id").asText(), replay.json().path("id").asText());
    await().until(() -> sluice.store.all().getFirst().published());
  }

  @Test
  void a_replay_of_a_job_that_a_worker_has_taken_needs_no_mark() {
    sluice.store.losesMarks = true;
    Answer first = sluice.post(chat("hi"), "Idempotency-Key", "k1");
    sluice.store.claim(new JobId(first.json().path("id").asText()));
    Answer replay = sluice.post(chat("hi"), "Idempotency-Key", "k1");
    assertThat(replay.json().path("state").asText()).isEqualTo("in_progress");
    assertThat(sluice.queue.size()).isEqualTo(1);
  }

  @Test
  void a_queue_that_hangs_is_one_that_did_not_answer() {
    sluice.queue.publishing = MemoryQueue.Publishing.HANGS;
    Answer answer = sluice.post(chat("hi"));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(sluice.store.all()).hasSize(1);
  }

  @Test
  void a_store_that_is_away_means_503_and_nothing_in_the_queue() {
    sluice.store.away = true;
    Answer answer = sluice.post(chat("hi"));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.code()).isEqualTo("store_unavailable");
    assertThat(answer.header("Retry-After")).isNotEmpty();
    assertThat(sluice.queue.size()).isZero();
  }

  @Test
  void a_bound_that_is_reached_means_429_with_its_headers() {
    sluice.store.waitingMax = 1;
    sluice.submit();
    Answer answer = sluice.post(chat("hi"));
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.code()).isEqualTo("too_many_waiting");
    assertThat(answer.header("Retry-After")).isEqualTo("3");
    assertThat(answer.header("RateLimit")).isEqualTo("\"waiting\";r=0;t=3");
    assertThat(sluice.queue.size()).isEqualTo(1);
    assertThat(sluice.told).contains("refused too_many_waiting");
  }
}
