package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.ApiKey;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.JobId;
import io.sluice.JobState;
import io.sluice.Leases.Lease;
import io.sluice.Output;
import io.sluice.Usage;
import io.sluice.codec.Json;
import io.sluice.gateway.TestGateway.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResponsesTest {
  private static final String PATH = "/v1/responses";
  private static final String HELD = "{\"model\":\"qwen3:14b\",\"input\":\"hello\"}";
  private static final String STREAMED = HELD.replace("}", ",\"stream\":true}");
  private static final String BACKGROUND = HELD.replace("}", ",\"background\":true}");

  private final TestGateway sluice =
      new TestGateway(
          config ->
              config
                  .timing(TestGateway.timing(Duration.ofMillis(150)))
                  .limits(Bounds.DEFAULT.streams(TestGateway.streams(3, 4, 5))));

  @AfterEach
  void close() {
    sluice.close();
  }

  private Answer post(String body) {
    return sluice.json("POST", PATH, body);
  }

  private JobId job() {
    await().until(() -> !sluice.store.all().isEmpty());
    return sluice.store.all().getFirst().id();
  }

  private JobState state() {
    return sluice.store.all().getFirst().state();
  }

  private static String path(JobId id) {
    return PATH + "/" + id.value().replace("job_", "resp_");
  }

  private JobId inBackground() {
    String id = post(BACKGROUND).json().path("id").asText();
    return new JobId(id.replace("resp_", "job_"));
  }

  private void finish(JobId id, Output output) {
    sluice.store.finish(id, new Ending.Completed(output, new Usage(7, 2)));
  }

  private static Output text(String text) {
    return new Output(text, Optional.empty(), List.of());
  }

  /** The data of the events of a body that is one whole stream. */
  private static List<JsonNode> events(String body) {
    assertThat(body).endsWith("\n\n");
    return body.lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> Json.parse(line.substring(6)))
        .toList();
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream().map(it -> it.path("type").asText()).toList();
  }

  private List<JsonNode> read(JobId id, String more) {
    Answer answer = sluice.get(path(id) + "?stream=true" + more);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return events(answer.body());
  }

  @Test
  void a_held_response_is_answered_when_its_job_has_ended_and_can_be_had_again() {
    try (LineReader client =
        LineReader.post(sluice, PATH, HELD, "Content-Type", "application/json")) {
      JobId id = job();
      sluice.store.claim(id);
      finish(id, new Output("Hello", Optional.of("hm"), List.of()));
      await().until(client::isEnded);
      assertThat(client.status()).isEqualTo(200);
      JsonNode told = Json.parse(client.body());
      assertThat(told.path("object").asText()).isEqualTo("response");
      assertThat(told.path("status").asText()).isEqualTo("completed");
      assertThat(told.at("/output/0/content/0/text").asText()).isEqualTo("hm");
      assertThat(told.at("/output/1/content/0/text").asText()).isEqualTo("Hello");
      assertThat(told.at("/usage/input_tokens").asInt()).isEqualTo(7);
      assertThat(sluice.get(path(id)).json()).isEqualTo(told);
    }
  }

  @Test
  void a_held_response_that_fails_is_a_status_in_openais_shape() {
    try (LineReader client =
        LineReader.post(sluice, PATH, HELD, "Content-Type", "application/json")) {
      JobId id = job();
      sluice.store.claim(id);
      sluice.store.finish(id, MemoryStore.failed());
      await().until(client::isEnded);
      assertThat(client.status()).isEqualTo(502);
      assertThat(Json.parse(client.body()).at("/error/type").asText()).isEqualTo("server_error");
      assertThat(sluice.get(path(id)).json().path("status").asText()).isEqualTo("failed");
    }
  }

  @Test
  void a_stream_that_is_held_has_the_numbers_of_one_that_is_read_later() {
    try (LineReader client =
        LineReader.post(sluice, PATH, STREAMED, "Content-Type", "application/json")) {
      JobId id = job();
      Lease lease = sluice.store.claim(id);
      sluice.store.tokens(lease, 1, "Hé", "l");
      await().until(() -> client.body().contains("\"Hé\""));
      sluice.store.tokens(lease, 3, "lo 🌍");
      finish(id, text("Héllo 🌍"));
      await().until(client::isEnded);
      assertThat(client.header("Content-Type")).isEqualTo("text/event-stream; charset=utf-8");
      assertThat(client.header("X-Accel-Buffering")).isEqualTo("no");
      List<JsonNode> events = events(client.body());
      assertThat(types(events))
          .containsExactly(
              "response.created",
              "response.queued",
              "response.in_progress",
              "response.output_item.added",
              "response.content_part.added",
              "response.output_text.delta",
              "response.output_text.delta",
              "response.output_text.delta",
              "response.output_text.done",
              "response.content_part.done",
              "response.output_item.done",
              "response.completed");
      assertThat(client.lines.getFirst()).isEqualTo("event: response.created");
      assertThat(events).isEqualTo(read(id, ""));
    }
  }

  @Test
  void a_worker_that_was_lost_before_the_first_word_costs_only_numbers() {
    try (LineReader client =
        LineReader.post(sluice, PATH, STREAMED, "Content-Type", "application/json")) {
      JobId id = job();
      sluice.store.claim(id);
      Lease lease = sluice.store.claim(id);
      sluice.store.tokens(lease, 1, "Hi");
      finish(id, text("Hi"));
      await().until(client::isEnded);
      List<JsonNode> events = events(client.body());
      assertThat(types(events)).startsWith("response.created").endsWith("response.completed");
      assertThat(events.get(3).path("sequence_number").asInt()).isEqualTo(4);
      assertThat(events).isEqualTo(read(id, ""));
    }
  }

  @Test
  void a_held_stream_whose_worker_is_lost_in_the_middle_ends_with_an_error() {
    try (LineReader client =
        LineReader.post(sluice, PATH, STREAMED, "Content-Type", "application/json")) {
      JobId id = job();
      sluice.store.tokens(sluice.store.claim(id), 1, "Hel");
      await().until(() -> client.body().contains("\"Hel\""));
      sluice.store.tokens(sluice.store.claim(id), 1, "Hi");
      await().until(client::isEnded);
      JsonNode last = events(client.body()).getLast();
      assertThat(last.path("type").asText()).isEqualTo("error");
      assertThat(last.path("code").asText()).isEqualTo("answer_interrupted");
      assertThat(client.body()).doesNotContain("Hi");
    }
  }

  @Test
  void a_held_stream_whose_job_fails_in_the_middle_ends_with_the_failed_response() {
    try (LineReader client =
        LineReader.post(sluice, PATH, STREAMED, "Content-Type", "application/json")) {
      JobId id = job();
      sluice.store.tokens(sluice.store.claim(id), 1, "Hel");
      await().until(() -> client.body().contains("\"Hel\""));
      sluice.store.finish(
          id,
          new Ending.Failed(
              new Failure(FailureCode.POISON, "Three were lost."), text("Hel"), new Usage(7, 1)));
      await().until(client::isEnded);
      List<JsonNode> events = events(client.body());
      assertThat(events.getLast().path("type").asText()).isEqualTo("response.failed");
      assertThat(events.getLast().at("/response/status").asText()).isEqualTo("failed");
      assertThat(events).isEqualTo(read(id, ""));
    }
  }

  @Test
  void a_held_client_takes_its_response_along_and_one_of_the_background_does_not() {
    try (LineReader client =
        LineReader.post(sluice, PATH, STREAMED, "Content-Type", "application/json")) {
      job();
      assertThat(client.hasStatus()).isFalse();
    }
    await().until(() -> state() == JobState.CANCELLED);
    JobId id;
    try (LineReader client =
        LineReader.post(
            sluice,
            PATH,
            BACKGROUND.replace("}", ",\"stream\":true}"),
            "Content-Type",
            "application/json")) {
      await().until(() -> client.body().contains("response.queued"));
      id =
          new JobId(
              events(client.body())
                  .getFirst()
                  .at("/response/id")
                  .asText()
                  .replace("resp_", "job_"));
    }
    await().until(() -> sluice.store.log.watching() == 0);
    assertThat(sluice.get(path(id)).json().path("status").asText()).isEqualTo("queued");
    sluice.store.tokens(sluice.store.claim(id), 1, "Hi");
    finish(id, text("Hi"));
    assertThat(types(read(id, ""))).endsWith("response.completed");
  }

  @Test
  void a_response_of_the_background_is_queued_at_once_and_read_from_any_number() {
    Answer queued = post(BACKGROUND);
    assertThat(queued.status()).isEqualTo(200);
    assertThat(queued.json().path("status").asText()).isEqualTo("queued");
    assertThat(queued.json().path("background").asBoolean()).isTrue();
    assertThat(queued.json().path("output").isArray()).isTrue();
    JobId id = job();
    Lease lease = sluice.store.claim(id);
    assertThat(sluice.get(path(id)).json().path("status").asText()).isEqualTo("in_progress");
    sluice.store.tokens(lease, 1, "a", "b", "c");
    finish(id, text("abc"));
    List<JsonNode> all = read(id, "");
    int last = all.size() - 1;
    for (int at = 0; at < last; at++) {
      assertThat(read(id, "&starting_after=" + at)).isEqualTo(all.subList(at + 1, all.size()));
    }
    assertThat(sluice.get(path(id) + "?stream=true&starting_after=" + last).body()).isEmpty();
  }

  @Test
  void a_reader_is_told_live_beats_while_nothing_comes_and_resumes_behind_a_lost_worker() {
    JobId id = inBackground();
    try (LineReader client = LineReader.get(sluice, path(id) + "?stream=true&starting_after=1")) {
      Lease lost = sluice.store.claim(id);
      sluice.store.tokens(lost, 1, "Hel");
      await().until(() -> client.body().contains("\"Hel\"") && client.body().contains("\n\n:\n\n"));
      Lease lease = sluice.store.claim(id);
      sluice.store.tokens(lease, 1, "Hello", "!");
      finish(id, text("Hello!"));
      await().until(client::isEnded);
      String body = client.body().replace(":\n\n", "");
      List<String> deltas =
          events(body).stream()
              .filter(it -> it.path("type").asText().equals("response.output_text.delta"))
              .map(it -> it.path("delta").asText())
              .toList();
      assertThat(deltas).containsExactly("Hel", "lo", "!");
      assertThat(types(events(body)))
          .startsWith("response.in_progress")
          .endsWith("response.completed");
    }
    await().until(() -> sluice.meters.get("sluice.gateway.readers").gauge().value() == 0);
  }

  @Test
  void a_reader_with_a_part_of_another_answer_is_told_so_and_a_new_one_gets_the_answer() {
    JobId id = inBackground();
    sluice.store.tokens(sluice.store.claim(id), 1, "Hel");
    long last = 5;
    sluice.store.tokens(sluice.store.claim(id), 1, "Goodbye");
    finish(id, text("Goodbye"));
    List<JsonNode> rest = read(id, "&starting_after=" + last);
    assertThat(types(rest)).containsExactly("error");
    assertThat(rest.getFirst().path("code").asText()).isEqualTo("answer_interrupted");
    assertThat(rest.getFirst().path("sequence_number").asLong()).isEqualTo(6);
    List<JsonNode> all = read(id, "");
    assertThat(all.toString()).contains("Goodbye").doesNotContain("\"Hel\"");
    assertThat(types(all)).endsWith("response.completed");
  }

  @Test
  void cancelling_is_idempotent_and_ends_a_stream() {
    JobId id = inBackground();
    try (LineReader client = LineReader.get(sluice, path(id) + "?stream=true")) {
      await().until(() -> client.body().contains("response.queued"));
      Answer first = sluice.send("POST", path(id) + "/cancel", "");
      assertThat(first.status()).isEqualTo(200);
      assertThat(first.json().path("status").asText()).isEqualTo("cancelled");
      assertThat(sluice.send("POST", path(id) + "/cancel", "").json()).isEqualTo(first.json());
      await().until(client::isEnded);
      JsonNode last = events(client.body().replace(":\n\n", "")).getLast();
      assertThat(last.path("type").asText()).isEqualTo("response.failed");
      assertThat(last.at("/response/status").asText()).isEqualTo("cancelled");
    }
  }

  @Test
  void a_running_response_is_cancelled_when_its_worker_lets_go() {
    JobId id = inBackground();
    sluice.store.claim(id);
    try (LineReader client = LineReader.post(sluice, path(id) + "/cancel", "")) {
      await().until(() -> state() == JobState.CANCELLING);
      assertThat(sluice.get(path(id)).json().path("status").asText()).isEqualTo("in_progress");
      sluice.store.finish(id, new Ending.Cancelled(Optional.empty(), text("Hel"), new Usage(7, 1)));
      await().until(client::isEnded);
      JsonNode told = Json.parse(client.body());
      assertThat(told.path("status").asText()).isEqualTo("cancelled");
      assertThat(told.at("/output/0/status").asText()).isEqualTo("incomplete");
    }
  }

  @Test
  void a_conversation_goes_on_from_a_response_of_the_same_tenant_alone() {
    JobId id = inBackground();
    String more = ",\"previous_response_id\":\"" + path(id).substring(PATH.length() + 1) + "\"}";
    Answer early = post(BACKGROUND.replace("}", more));
    assertThat(early.status()).isEqualTo(400);
    assertThat(early.json().at("/error/param").asText()).isEqualTo("previous_response_id");
    sluice.store.claim(id);
    finish(id, text("Hi"));
    assertThat(post(BACKGROUND.replace("}", more)).status()).isEqualTo(200);
    JsonNode request = Json.parse(sluice.store.all().getFirst().job().request());
    assertThat(request.path("messages")).hasSize(3);
    assertThat(request.at("/messages/1/content").asText()).isEqualTo("Hi");
    String stranger = sluice.key("stranger", ApiKey.ALL_SCOPES);
    Answer foreign =
        sluice.json(
            "POST", PATH, BACKGROUND.replace("}", more), "Authorization", "Bearer " + stranger);
    assertThat(foreign.status()).isEqualTo(400);
    assertThat(foreign.json().at("/error/code").asText()).isEqualTo("previous_response_not_found");
  }

  private String withImage(int chars, String more) {
    return "{\"model\":\"qwen3:14b\",\"background\":true,\"input\":[{\"role\":\"user\",\"content\":["
        + "{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,"
        + "QUJD".repeat(chars / 4)
        + "\"}]}]"
        + more
        + "}";
  }

  @Test
  void long_requests_are_told_and_read_as_short_ones_until_a_chain_of_them_is_too_long() {
    String more = "";
    for (int i = 0; i < 2; i++) {
      Answer told = post(withImage(6_000_000, more));
      assertThat(told.status()).as(told.body()).isEqualTo(200);
      String name = told.json().path("id").asText();
      JobId id = new JobId(name.replace("resp_", "job_"));
      sluice.store.tokens(sluice.store.claim(id), 1, "Hi");
      finish(id, text("Hi"));
      assertThat(sluice.get(path(id)).json().path("status").asText()).isEqualTo("completed");
      assertThat(types(read(id, ""))).startsWith("response.created").endsWith("response.completed");
      assertThat(sluice.get(path(id) + "/input_items").json().path("data")).hasSize(1);
      more = ",\"previous_response_id\":\"" + name + "\"";
    }
    Answer full = post(BACKGROUND.replace("}", more + "}"));
    assertThat(full.status()).isEqualTo(400);
    assertThat(full.json().at("/error/code").asText()).isEqualTo("context_length_exceeded");
    assertThat(full.json().at("/error/param").asText()).isEqualTo("previous_response_id");
  }

  @Test
  void a_held_stream_of_a_long_request_is_told_like_any_other() {
    String held = withImage(60_000, ",\"stream\":true").replace("\"background\":true,", "");
    try (LineReader client =
        LineReader.post(sluice, PATH, held, "Content-Type", "application/json")) {
      JobId id = job();
      sluice.store.tokens(sluice.store.claim(id), 1, "Hi");
      finish(id, text("Hi"));
      await().until(client::isEnded);
      assertThat(types(events(client.body()))).endsWith("response.completed");
      assertThat(events(client.body())).isEqualTo(read(id, ""));
    }
  }

  @Test
  void what_is_not_stored_is_not_there_and_neither_is_a_job_that_is_no_response() {
    JobId ofItsOwn = sluice.submit();
    assertThat(sluice.get(path(ofItsOwn)).status()).isEqualTo(404);
    assertThat(sluice.get(path(ofItsOwn)).json().at("/error/type").asText())
        .isEqualTo("invalid_request_error");
    try (LineReader client =
        LineReader.post(
            sluice,
            PATH,
            HELD.replace("}", ",\"store\":false}"),
            "Content-Type",
            "application/json")) {
      await().until(() -> sluice.store.all().size() == 2);
      JobId id = sluice.store.all().getFirst().id();
      sluice.store.claim(id);
      finish(id, text("Hi"));
      await().until(client::isEnded);
      assertThat(Json.parse(client.body()).path("store").asBoolean(true)).isFalse();
      assertThat(sluice.get(path(id)).status()).isEqualTo(404);
    }
  }

  @Test
  void its_input_is_listed_without_what_was_said_before() {
    Answer asked =
        post(
            "{\"model\":\"qwen3:14b\",\"background\":true,\"instructions\":\"brief\",\"input\":["
                + "{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"a\"},"
                + "{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,QUJD\"}]}]}");
    String id = asked.json().path("id").asText();
    JsonNode items = sluice.get(PATH + "/" + id + "/input_items").json();
    assertThat(items.path("data")).hasSize(1);
    assertThat(items.at("/data/0/content/0/text").asText()).isEqualTo("a");
    assertThat(items.at("/data/0/content/1/type").asText()).isEqualTo("input_image");
    assertThat(items.path("has_more").asBoolean(true)).isFalse();
  }

  @Test
  void faults_are_told_by_the_names_of_the_request() {
    Answer answer = post("{\"model\":\"qwen3:14b\",\"input\":\"x\",\"temperature\":\"hot\"}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/error/param").asText()).isEqualTo("temperature");
    assertThat(post("{\"model\":\"other\",\"input\":\"x\"}").status()).isEqualTo(404);
    assertThat(post("{\"model\":\"qwen3:14b\",\"input\":[]}").json().at("/error/param").asText())
        .isEqualTo("input");
    JobId id = inBackground();
    Answer nowhere = sluice.get(path(id) + "?stream=true&starting_after=x");
    assertThat(nowhere.status()).isEqualTo(400);
    assertThat(nowhere.json().at("/error/param").asText()).isEqualTo("starting_after");
  }

  @Test
  void readers_are_bounded_as_those_of_jobs_are() {
    JobId id = inBackground();
    try (LineReader one = LineReader.get(sluice, path(id) + "?stream=true");
        LineReader two = LineReader.get(sluice, path(id) + "?stream=true");
        LineReader three = LineReader.get(sluice, path(id) + "?stream=true")) {
      for (LineReader reader : List.of(one, two, three)) {
        await().until(() -> reader.body().contains("response.queued"));
      }
      assertThat(sluice.get(path(id) + "?stream=true").status()).isEqualTo(429);
    }
  }
}
