package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobEvent;
import io.sluice.JobId;
import io.sluice.JobState;
import io.sluice.Leases.Lease;
import io.sluice.Output;
import io.sluice.Usage;
import io.sluice.codec.Json;
import io.sluice.gateway.TestGateway.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** OpenAI's chat and text completions through the front door. */
class OpenAiCompletionsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String TEXT = "/v1/completions";
  private static final String CALL =
      "{\"id\":\"call_abcd1234\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}";

  private final TestGateway sluice = new TestGateway();

  @AfterEach
  void close() {
    sluice.close();
  }

  private static String chat(String more) {
    return "{\"model\":\"qwen3:14b\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
        + more
        + "}";
  }

  private LineReader stream(String path, String body) {
    return LineReader.post(sluice, path, body, "Content-Type", "application/json");
  }

  private JobId job() {
    await().until(() -> !sluice.store.all().isEmpty());
    return sluice.store.all().getFirst().id();
  }

  private void append(Lease lease, long seq, JobEvent... events) {
    sluice.store.events(lease, seq, events);
  }

  private static List<JsonNode> chunks(LineReader client) {
    return client.lines.stream()
        .filter(line -> line.startsWith("data: {"))
        .map(line -> Json.parse(line.substring("data: ".length())))
        .toList();
  }

  private static String said(LineReader client) {
    StringBuilder text = new StringBuilder();
    for (JsonNode chunk : chunks(client)) {
      text.append(chunk.path("choices").path(0).path("delta").path("content").asText(""));
    }
    return text.toString();
  }

  @Test
  void a_chat_is_streamed_as_it_is_made_and_ends_with_its_usage() {
    try (LineReader client =
        stream(CHAT, chat(",\"stream\":true,\"stream_options\":{\"include_usage\":true}"))) {
      JobId id = job();
      Lease lease = sluice.store.claim(id);
      append(lease, 1, new JobEvent.Thinking("hm"), new JobEvent.Token("Hel"));
      await().until(() -> said(client).equals("Hel"));
      append(lease, 3, new JobEvent.Token("lo"), new JobEvent.ToolCall(CALL));
      sluice.store.finish(
          id,
          new Ending.Completed(
              new Output("Hello", Optional.of("hm"), List.of(CALL)), new Usage(3, 9)));
      await().until(client::isEnded);
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.header("Content-Type")).isEqualTo("text/event-stream; charset=utf-8");
      assertThat(client.header("x-request-id")).isEqualTo(id.value());
      assertThat(client.body()).endsWith("\n\ndata: [DONE]\n\n");
      assertThat(said(client)).isEqualTo("Hello");
      List<JsonNode> chunks = chunks(client);
      assertThat(chunks).allMatch(it -> it.path("id").asText().equals("chatcmpl-" + id.value()));
      assertThat(chunks.get(1).at("/choices/0/delta/reasoning_content").asText()).isEqualTo("hm");
      assertThat(chunks.getLast().at("/usage/total_tokens").asInt()).isEqualTo(12);
      assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asText())
          .isEqualTo("tool_calls");
    }
  }

  @Test
  void a_chat_is_answered_as_a_whole() {
    CompletableFuture<Answer> answer =
        CompletableFuture.supplyAsync(() -> sluice.json("POST", CHAT, chat(",\"max_tokens\":5")));
    JobId id = job();
    assertThat(sluice.store.all().getFirst().job().maxOutputTokens()).isEqualTo(5);
    sluice.store.claim(id);
    sluice.store.finish(
        id, new Ending.Incomplete(new Output("Hi", Optional.empty(), List.of()), new Usage(1, 5)));
    JsonNode json = answer.join().json();
    assertThat(answer.join().status()).isEqualTo(200);
    assertThat(json.path("id").asText()).isEqualTo("chatcmpl-" + id.value());
    assertThat(json.at("/choices/0/message/content").asText()).isEqualTo("Hi");
    assertThat(json.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    assertThat(answer.join().header("x-request-id")).isEqualTo(id.value());
  }

  @Test
  void what_the_model_said_is_what_the_client_got_wherever_it_was_cut() {
    String text =
        "Grüße, 世界! 🙂👩‍👩‍👧 \"quoted\" \\ \n\r\n\t\u0000\u2028 data: [DONE]\n\n e\u0301 \ud83d\ude42";
    Random random = new Random(7);
    try (LineReader client = stream(CHAT, chat(",\"stream\":true"))) {
      JobId id = job();
      Lease lease = sluice.store.claim(id);
      List<JobEvent> pieces = new ArrayList<>();
      for (int at = 0; at < text.length(); ) {
        int to = Math.min(text.length(), at + 1 + random.nextInt(3));
        to += to < text.length() && Character.isLowSurrogate(text.charAt(to)) ? 1 : 0;
        pieces.add(new JobEvent.Token(text.substring(at, to)));
        at = to;
      }
      append(lease, 1, pieces.toArray(JobEvent[]::new));
      sluice.store.finish(id, MemoryStore.completed(text));
      await().until(client::isEnded);
      assertThat(said(client)).isEqualTo(text);
    }
  }

  @Test
  void a_text_completion_is_answered_whole_and_in_chunks() {
    String prompt = "{\"model\":\"qwen3:14b\",\"prompt\":\"Once\",\"echo\":true";
    try (LineReader client = stream(TEXT, prompt + ",\"stream\":true}")) {
      JobId id = job();
      Lease lease = sluice.store.claim(id);
      append(lease, 1, new JobEvent.Token(" upon"));
      sluice.store.finish(id, MemoryStore.completed(" upon"));
      await().until(client::isEnded);
      List<JsonNode> chunks = chunks(client);
      assertThat(chunks.getFirst().path("object").asText()).isEqualTo("text_completion");
      assertThat(chunks.stream().map(it -> it.at("/choices/0/text").asText()).toList())
          .containsExactly("Once", " upon", "");
      assertThat(client.body()).endsWith("\n\ndata: [DONE]\n\n");
    }
    sluice.store.wipe();
    CompletableFuture<Answer> whole =
        CompletableFuture.supplyAsync(() -> sluice.json("POST", TEXT, prompt + "}"));
    JobId id = job();
    sluice.store.claim(id);
    sluice.store.finish(id, MemoryStore.completed(" upon"));
    assertThat(whole.join().json().at("/choices/0/text").asText()).isEqualTo("Once upon");
    assertThat(whole.join().json().path("id").asText()).isEqualTo("cmpl-" + id.value());
  }

  @Test
  void everything_that_is_honoured_is_taken_by_the_reader_of_jobs() {
    String body =
        chat(
            ",\"stream\":true,\"temperature\":1.5,\"top_p\":0.9,\"presence_penalty\":1,"
                + "\"frequency_penalty\":-1,\"seed\":9223372036854775807,\"stop\":\"END\",\"top_k\":9,"
                + "\"min_p\":0.1,\"repetition_penalty\":1.1,\"max_completion_tokens\":9,"
                + "\"user\":\"u1\",\"metadata\":{\"a\":\"b\"},\"logprobs\":true,\"top_logprobs\":3,"
                + "\"reasoning_effort\":\"high\",\"service_tier\":\"flex\",\"tools\":[{\"type\":"
                + "\"function\",\"function\":{\"name\":\"f\",\"strict\":true,\"parameters\":{}}}],"
                + "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\","
                + "\"schema\":{\"type\":\"object\"}}}");
    try (LineReader client = stream(CHAT, body)) {
      job();
      Job job = sluice.store.all().getFirst().job();
      assertThat(job.session()).contains("u1");
      assertThat(job.jobClass()).isEqualTo(JobClass.BATCH);
      assertThat(job.metadata()).isEqualTo(Map.of("a", "b"));
      assertThat(Json.parse(job.request()).path("options").path("stop").path(0).asText())
          .isEqualTo("END");
      assertThat(Json.parse(job.request()).path("format").path("type").asText())
          .isEqualTo("object");
      assertThat(client.isEnded()).isFalse();
    }
  }

  private void assertThatError(Answer answer, int status, String type, String param, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/json");
    JsonNode error = answer.json().path("error");
    List<String> keys = new ArrayList<>();
    error.fieldNames().forEachRemaining(keys::add);
    assertThat(keys).containsExactly("message", "type", "param", "code");
    assertThat(error.path("message").asText()).isNotBlank();
    assertThat(error.path("type").asText()).isEqualTo(type);
    assertThat(error.path("param").asText("")).isEqualTo(param);
    assertThat(error.path("code").asText()).isEqualTo(code);
  }

  private Answer refused(String body, String... headers) {
    return sluice.json("POST", CHAT, body, headers);
  }

  @Test
  void every_refusal_has_openais_four_keys() {
    String invalid = "invalid_request_error";
    assertThatError(
        refused(chat(""), "Authorization", "Bearer wrong"), 401, invalid, "", "invalid_api_key");
    assertThatError(
        refused(chat(""), "Authorization", "Bearer " + sluice.key("t", Set.of("batch"))),
        403,
        invalid,
        "",
        "insufficient_scope");
    assertThatError(
        refused(chat("").replace("qwen3", "other")), 404, invalid, "model", "model_not_found");
    assertThatError(refused("{"), 400, invalid, "", "malformed_json");
    assertThatError(refused(chat(",\"n\":2")), 400, invalid, "n", "unsupported_value");
    assertThatError(
        refused(chat(",\"max_tokens\":0")), 400, invalid, "max_tokens", "invalid_value");
    assertThatError(
        refused(chat(",\"temperature\":\"x\"")), 400, invalid, "temperature", "invalid_value");
    assertThatError(
        refused(chat("").replace("\"hi\"", "\"" + "word ".repeat(20_000) + "\"")),
        400,
        invalid,
        "messages",
        "context_length_exceeded");
    assertThatError(
        sluice.json("POST", CHAT, chat(""), "Content-Type", "text/plain"),
        415,
        invalid,
        "",
        "unsupported_media_type");
    sluice.store.away = true;
    Answer away = refused(chat(""));
    sluice.store.away = false;
    assertThatError(away, 503, "server_error", "", "store_unavailable");
    assertThat(away.header("retry-after-ms")).isEqualTo(away.header("Retry-After") + "000");
    assertThat(sluice.store.all()).isEmpty();
  }

  @Test
  void an_error_has_openais_shape_however_its_path_is_written_and_where_nothing_is_served() {
    String invalid = "invalid_request_error";
    for (String path : List.of("/v1/%63hat/completions", "//v1/chat/completions")) {
      assertThatError(sluice.json("POST", path, "{"), 400, invalid, "", "malformed_json");
    }
    for (String path : List.of("/v1/images/generations", "/v1/audio/speech")) {
      assertThatError(sluice.json("POST", path, "{}"), 404, invalid, "", "unknown_url");
    }
    assertThat(sluice.get("/v1/nothing").json().path("code").asText()).isEqualTo("route_not_found");
  }

  @Test
  void a_fault_is_told_once() {
    assertThat(refused(chat(",\"service_tier\":\"x\"")).json().at("/error/message").asText())
        .containsOnlyOnce("'service_tier'");
  }

  @Test
  void a_limit_that_is_reached_says_when_to_come_back() {
    sluice.store.waitingMax = 0;
    Answer answer = refused(chat(""));
    assertThatError(answer, 429, "requests", "", "too_many_waiting");
    assertThat(answer.header("retry-after-ms")).isEqualTo(answer.header("Retry-After") + "000");
    assertThat(answer.header("Retry-After")).isNotBlank();
  }

  @Test
  void a_failure_before_the_first_piece_is_a_status_and_says_whether_to_try_again() {
    CompletableFuture<Answer> answer =
        CompletableFuture.supplyAsync(() -> refused(chat(",\"stream\":true")));
    JobId id = job();
    sluice.store.claim(id);
    sluice.store.finish(id, failed(FailureCode.RUNAWAY_THINKING));
    assertThatError(answer.join(), 502, "server_error", "", "runaway_thinking");
    assertThat(answer.join().header("x-request-id")).isEqualTo(id.value());
    assertThat(answer.join().header("x-should-retry")).isEqualTo("false");
  }

  private static Ending failed(FailureCode code) {
    return new Ending.Failed(new Failure(code, "It broke."), Output.NONE, Usage.NONE);
  }

  @Test
  void a_failure_in_the_middle_is_an_error_that_ends_the_stream() {
    try (LineReader client = stream(CHAT, chat(",\"stream\":true"))) {
      JobId id = job();
      Lease lease = sluice.store.claim(id);
      append(lease, 1, new JobEvent.Token("Hel"));
      await().until(() -> said(client).equals("Hel"));
      sluice.store.finish(id, failed(FailureCode.ENGINE_CRASHED));
      await().until(client::isEnded);
      assertThat(client.body())
          .doesNotContain("[DONE]")
          .endsWith(
              "\n\ndata: {\"error\":{\"message\":\"It broke.\",\"type\":\"server_error\","
                  + "\"param\":null,\"code\":\"engine_crashed\"}}\n\n");
    }
  }

  @Test
  void a_client_that_leaves_takes_its_job_along() {
    try (LineReader client = stream(CHAT, chat(",\"stream\":true"))) {
      job();
      assertThat(client.isEnded()).isFalse();
    }
    await().until(() -> sluice.store.all().getFirst().state() == JobState.CANCELLED);
  }

  @Test
  void a_retry_with_the_same_key_joins_the_job_that_runs() {
    String[] keyed = {"Idempotency-Key", "stainless-python-retry-1"};
    CompletableFuture<Answer> first = CompletableFuture.supplyAsync(() -> refused(chat(""), keyed));
    JobId id = job();
    CompletableFuture<Answer> retry = CompletableFuture.supplyAsync(() -> refused(chat(""), keyed));
    sluice.store.claim(id);
    sluice.store.finish(id, MemoryStore.completed("once"));
    assertThat(first.join().json().at("/choices/0/message/content").asText()).isEqualTo("once");
    assertThat(retry.join().json()).isEqualTo(first.join().json());
    assertThat(
            retry.join().header("Idempotent-Replayed") + first.join().header("Idempotent-Replayed"))
        .isEqualTo("true");
    assertThat(sluice.store.all()).hasSize(1);
  }

  @Test
  void a_retry_with_the_key_of_a_client_that_left_runs_nothing_again() {
    String[] keyed = {"Content-Type", "application/json", "Idempotency-Key", "k"};
    try (LineReader client = LineReader.post(sluice, CHAT, chat(",\"stream\":true"), keyed)) {
      sluice.store.claim(job());
      assertThat(client.isEnded()).isFalse();
    }
    await().until(() -> sluice.store.all().getFirst().state() == JobState.CANCELLING);
    sluice.store.finish(job(), new Ending.Cancelled(Optional.empty(), Output.NONE, Usage.NONE));
    Answer retry = refused(chat(""), "Idempotency-Key", "k");
    assertThatError(retry, 410, "invalid_request_error", "", "job_cancelled");
    assertThat(retry.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(sluice.store.all()).hasSize(1);
  }
}
