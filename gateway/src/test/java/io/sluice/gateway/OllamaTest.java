package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Ending;
import io.sluice.JobEvent;
import io.sluice.JobRecord;
import io.sluice.Leases.Lease;
import io.sluice.Output;
import io.sluice.Timings;
import io.sluice.Usage;
import io.sluice.codec.Json;
import io.sluice.gateway.TestGateway.Answer;
import io.sluice.gateway.held.HeldConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ollama's chat and generate, byte by byte. */
class OllamaTest {
  private static final String CHAT =
      "{\"model\":\"qwen3:14b\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String GENERATE = "{\"model\":\"qwen3:14b\",\"prompt\":\"hi\"}";
  private static final String TIME =
      "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}\\+00:00";
  private static final String MIXED = "Grüße 🦊👩‍👩‍👧 漢字 \u0000\u2028\"\\ \uD83E\uDD8A";

  private TestGateway sluice = new TestGateway();
  private long seq;

  @AfterEach
  void close() {
    sluice.close();
  }

  private LineReader ask(String path, String body) {
    int before = sluice.store.all().size();
    LineReader client = LineReader.post(sluice, path, body);
    await().until(() -> sluice.store.all().size() > before);
    return client;
  }

  private JobRecord job() {
    return sluice.store.all().getFirst();
  }

  /** The job that a body becomes. */
  private JsonNode request(String path, String body) {
    LineReader client = ask(path, body);
    client.close();
    return Json.parse(job().job().request());
  }

  private void say(Lease lease, JobEvent event) {
    sluice.store.say(lease, ++seq, event);
  }

  /** What a client gets that asks for a whole answer, or all lines of a stream. */
  private LineReader answered(String path, String body, Ending ending, Consumer<Lease> worker) {
    LineReader client = ask(path, body);
    Lease lease = sluice.store.claim(job().id());
    worker.accept(lease);
    sluice.store.finish(lease.id(), ending);
    await().until(client::isEnded);
    return client;
  }

  private static Ending ending(Output output) {
    Timings timings =
        new Timings(
            Optional.of(Duration.ofMillis(900)),
            Optional.of(Duration.ofMillis(100)),
            Optional.of(Duration.ofMillis(200)),
            Optional.of(Duration.ofMillis(600)));
    return new Ending.Completed(output, new Usage(7, 3).with(timings));
  }

  private static Output text(String text) {
    return new Output(text, Optional.empty(), List.of());
  }

  private static String stripped(String line) {
    return line.replaceAll("\"created_at\":\"" + TIME + "\"", "\"created_at\":\"T\"")
        .replaceAll("(total_duration|load_duration)\":[0-9]+", "$1\":0");
  }

  @Test
  void the_lines_of_a_chat_are_those_of_ollama() {
    try (LineReader client =
        answered(
            "/api/chat",
            CHAT,
            ending(text("Hi")),
            lease -> {
              say(lease, new JobEvent.Thinking("hm"));
              say(lease, new JobEvent.Token("Hi"));
            })) {
      assertThat(client.header("Content-Type")).isEqualTo("application/x-ndjson");
      assertThat(client.header("X-Accel-Buffering")).isEqualTo("no");
      assertThat(client.lines.stream().map(OllamaTest::stripped))
          .containsExactly(
              "{\"model\":\"qwen3:14b\",\"created_at\":\"T\",\"message\":{\"role\":\"assistant\","
                  + "\"content\":\"\",\"thinking\":\"hm\"},\"done\":false}",
              "{\"model\":\"qwen3:14b\",\"created_at\":\"T\",\"message\":{\"role\":\"assistant\","
                  + "\"content\":\"Hi\"},\"done\":false}",
              "{\"model\":\"qwen3:14b\",\"created_at\":\"T\",\"message\":{\"role\":\"assistant\","
                  + "\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"total_duration\":0,"
                  + "\"load_duration\":0,\"prompt_eval_count\":7,\"prompt_eval_duration\":200000000,"
                  + "\"eval_count\":3,\"eval_duration\":600000000}");
    }
  }

  @Test
  void the_lines_of_a_generation_are_those_of_ollama() {
    try (LineReader client =
        answered(
            "/api/generate",
            GENERATE,
            new Ending.Incomplete(text("Hi"), new Usage(7, 0)),
            lease -> say(lease, new JobEvent.Token("Hi")))) {
      assertThat(client.lines.stream().map(OllamaTest::stripped))
          .containsExactly(
              "{\"model\":\"qwen3:14b\",\"created_at\":\"T\",\"response\":\"Hi\",\"done\":false}",
              "{\"model\":\"qwen3:14b\",\"created_at\":\"T\",\"response\":\"\",\"done\":true,"
                  + "\"done_reason\":\"length\",\"total_duration\":0,\"load_duration\":0,"
                  + "\"prompt_eval_count\":7}");
    }
  }

  @Test
  void a_whole_answer_is_one_object() {
    String call = "{\"id\":\"call_1\",\"function\":{\"index\":0,\"name\":\"f\",\"arguments\":{}}}";
    Output output =
        new Output(MIXED, Optional.of("hm"), List.of(call), Optional.of("[{\"token\":\"a\"}]"));
    try (LineReader client =
        answered(
            "/api/chat",
            CHAT.replace("{\"mo", "{\"stream\":false,\"mo"),
            ending(output),
            it -> {})) {
      JsonNode answer = Json.parse(client.body());
      assertThat(client.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
      assertThat(answer.at("/message/content").asText()).isEqualTo(MIXED);
      assertThat(answer.at("/message/thinking").asText()).isEqualTo("hm");
      assertThat(answer.at("/message/tool_calls/0")).isEqualTo(Json.parse(call));
      assertThat(answer.at("/logprobs/0/token").asText()).isEqualTo("a");
      assertThat(answer.path("done").asBoolean()).isTrue();
      OffsetDateTime.parse(answer.path("created_at").asText());
    }
  }

  @Test
  void the_time_in_the_queue_is_in_the_whole_and_in_the_load() {
    try (LineReader client = ask("/api/chat", CHAT.replace("{\"mo", "{\"stream\":false,\"mo"))) {
      await().until(() -> job().job().createdAt().plusMillis(50).isBefore(Instant.now()));
      Lease lease = sluice.store.claim(job().id());
      sluice.store.finish(lease.id(), ending(text("Hi")));
      await().until(client::isEnded);
      JobRecord record = job();
      long waited =
          Duration.between(record.job().createdAt(), record.startedAt().orElseThrow()).toNanos();
      JsonNode answer = Json.parse(client.body());
      assertThat(answer.path("load_duration").asLong()).isEqualTo(waited + 100_000_000);
      assertThat(answer.path("total_duration").asLong())
          .isEqualTo(
              Duration.between(record.job().createdAt(), record.endedAt().orElseThrow()).toNanos());
    }
  }

  @Test
  void text_is_the_same_to_the_byte_wherever_its_pieces_are_cut() {
    String text = MIXED.repeat(20) + "x".repeat(40_000) + "🦊".repeat(40_000);
    try (LineReader client =
        answered(
            "/api/chat",
            CHAT,
            ending(text(text)),
            lease -> {
              int[] points = text.codePoints().toArray();
              for (int from = 0, size = 1; from < points.length; size = size * 3 % 9_973 + 1) {
                int length = Math.min(size, points.length - from);
                say(lease, new JobEvent.Token(new String(points, from, length)));
                from += length;
              }
            })) {
      StringBuilder got = new StringBuilder();
      client.json().forEach(line -> got.append(line.at("/message/content").asText()));
      assertThat(got.toString()).isEqualTo(text);
      assertThat(new String(client.bytes(), StandardCharsets.UTF_8)).doesNotContain("\uFFFD");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0001", "🦊", "x", "漢"})
  void no_line_is_longer_than_clients_read(String of) {
    String text = "a" + of.repeat(100_000);
    try (LineReader client =
        answered(
            "/api/generate",
            GENERATE,
            ending(text(text)),
            it -> say(it, new JobEvent.Token(text)))) {
      assertThat(client.lines)
          .allMatch(line -> line.getBytes(StandardCharsets.UTF_8).length < 128 * 1024);
      StringBuilder got = new StringBuilder();
      client.json().forEach(line -> got.append(line.path("response").asText()));
      assertThat(got.toString()).isEqualTo(text);
    }
  }

  @Test
  void a_call_of_a_tool_comes_whole_with_its_arguments_as_an_object() {
    String call =
        "{\"id\":\"call_1\",\"function\":{\"index\":0,\"name\":\"f\",\"arguments\":{\"a\":1}}}";
    try (LineReader client =
        answered(
            "/api/chat",
            CHAT,
            ending(text("")),
            lease -> say(lease, new JobEvent.ToolCall(call)))) {
      assertThat(stripped(client.lines.getFirst()))
          .isEqualTo(
              "{\"model\":\"qwen3:14b\",\"created_at\":\"T\",\"message\":{\"role\":\"assistant\","
                  + "\"content\":\"\",\"tool_calls\":["
                  + call
                  + "]},\"done\":false}");
    }
  }

  @Test
  void probabilities_go_with_their_text_and_every_one_comes_once() {
    StringBuilder all = new StringBuilder("[");
    for (int i = 0; i < 25; i++) {
      all.append(i == 0 ? "" : ",").append("{\"token\":\"").append(i).append("\"}");
    }
    try (LineReader client =
        answered(
            "/api/chat",
            CHAT,
            ending(text("x")),
            lease -> say(lease, new JobEvent.Token("x", Optional.of(all + "]"))))) {
      assertThat(client.json().stream().map(line -> line.path("logprobs").size()))
          .containsExactly(10, 10, 5, 0);
      assertThat(client.json().getFirst().at("/message/content").asText()).isEqualTo("x");
      assertThat(client.json().get(2).at("/logprobs/4/token").asText()).isEqualTo("24");
    }
  }

  @Test
  void options_of_the_runner_and_unknown_ones_are_left_out() {
    JsonNode request =
        request(
            "/api/chat",
            CHAT.replace(
                "{\"mo",
                "{\"options\":{\"num_ctx\":4096,\"num_gpu\":1,\"mirostat\":2,\"temperature\":0.5,"
                    + "\"top_k\":40.0,\"seed\":null,\"num_predict\":77},\"keep_alive\":\"5m\","
                    + "\"truncate\":true,\"shift\":false,\"unknown\":1,\"mo"));
    assertThat(request.path("options")).isEqualTo(Json.parse("{\"temperature\":0.5,\"top_k\":40}"));
    assertThat(request.properties().stream().map(field -> field.getKey()))
        .containsExactlyInAnyOrder("messages", "options");
    assertThat(job().job().maxOutputTokens()).isEqualTo(77);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "-2", "0", "null"})
  void no_bound_of_the_output_is_the_standard_one(String bound) {
    request(
        "/api/chat", CHAT.replace("{\"mo", "{\"options\":{\"num_predict\":" + bound + "},\"mo"));
    assertThat(job().job().maxOutputTokens()).isEqualTo(4_096);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'options':{'temperature':'hot'}|options.temperature",
        "'options':{'num_predict':'many'}|options.num_predict",
        "'options':{'num_predict':2000000}|options.num_predict",
        "'options':{'num_predict':1180591620717411303424}|options.num_predict",
        "'options':{'stop':'x'}|options.stop",
        "'options':[]|options",
        "'stream':'yes'|stream",
        "'keep_alive':'soon'|keep_alive",
        "'format':7|format",
        "'think':'deeply'|think",
        "'tools':{}|tools",
        "'messages':'hi'|messages",
        "'messages':[{'role':'pope','content':''}]|messages[0].role",
        "'messages':[{'content':'no role'}]|messages[0].role",
        "'top_logprobs':'many'|top_logprobs",
        "'model':7|model",
      })
  void what_is_wrong_is_a_400_that_names_the_field(String field, String named) {
    String name = field.substring(1, field.indexOf('\'', 1));
    JsonNode body = Json.parse(CHAT);
    JsonNode wrong = Json.parse("{" + field.replace('\'', '"') + "}");
    ((ObjectNode) body).set(name, wrong.get(name));
    Answer answer = sluice.json("POST", "/api/chat", body.toString());
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
    assertThat(answer.json().size()).isEqualTo(1);
    assertThat(answer.json().path("error").asText()).startsWith(named + ": ");
    assertThat(sluice.store.all()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"raw\":true", "\"template\":\"{{.Prompt}}\"", "\"context\":[1,2]"})
  void what_cannot_be_done_as_asked_is_refused(String field) {
    String body = GENERATE.replace("{\"mo", "{" + field + ",\"mo");
    assertThat(sluice.json("POST", "/api/generate", body).status()).isEqualTo(400);
  }

  @Test
  void what_asks_for_nothing_is_passed_over() {
    JsonNode request =
        request(
            "/api/generate",
            GENERATE.replace(
                "{\"mo",
                "{\"raw\":false,\"template\":\"\",\"context\":[],\"suffix\":\"s\",\"system\":\"y\","
                    + "\"format\":\"\",\"think\":\"\",\"images\":null,\"stream\":null,\"mo"));
    assertThat(request)
        .isEqualTo(Json.parse("{\"prompt\":\"hi\",\"suffix\":\"s\",\"system\":\"y\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"top_logprobs\":3,", "\"logprobs\":false,\"top_logprobs\":3,"})
  void others_beside_probabilities_that_are_not_wished_are_passed_over(String fields) {
    JsonNode request = request("/api/chat", CHAT.replace("{\"mo", "{" + fields + "\"mo"));
    assertThat(request.has("top_logprobs")).isFalse();
  }

  @Test
  void messages_and_tools_are_taken_as_ollama_takes_them() {
    JsonNode request =
        request(
            "/api/chat",
            "{\"model\":\"qwen3:14b\",\"think\":false,\"format\":{\"type\":\"object\"},\"tools\":[{"
                + "\"type\":\"function\",\"extra\":1,\"function\":{\"name\":\"f\",\"strict\":true,"
                + "\"parameters\":{\"type\":\"object\"}}}],\"messages\":[{\"role\":\"System\","
                + "\"content\":\"s\",\"extra\":1},{\"role\":\"assistant\",\"tool_calls\":[{"
                + "\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1},\"x\":1}}]},"
                + "{\"role\":\"tool\",\"tool_name\":\"f\",\"content\":\"1\"}]}");
    assertThat(request)
        .isEqualTo(
            Json.parse(
                "{\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"assistant\","
                    + "\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"f\","
                    + "\"arguments\":{\"a\":1}}}],\"content\":\"\"},{\"role\":\"tool\","
                    + "\"content\":\"1\",\"tool_name\":\"f\"}],\"tools\":[{\"type\":\"function\","
                    + "\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}],"
                    + "\"format\":{\"type\":\"object\"},\"think\":false}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/generate|{'model':'qwen3:14b'}|load|response",
        "/api/generate|{'model':'qwen3:14b','prompt':'','keep_alive':0}|unload|response",
        "/api/generate|{'model':'qwen3:14b','prompt':'','keep_alive':'0s'}|unload|response",
        "/api/generate|{'model':'qwen3:14b','prompt':'','keep_alive':-1}|load|response",
        "/api/chat|{'model':'qwen3:14b','messages':[]}|load|message",
        "/api/chat|{'model':'qwen3:14b','keep_alive':'5m','stream':true}|load|message",
      })
  void nothing_to_say_is_answered_as_a_load_and_costs_no_job(
      String path, String body, String reason, String text) {
    Answer answer = sluice.json("POST", path, body.replace('\'', '"'));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).startsWith("application/json");
    assertThat(answer.json().path("done").asBoolean()).isTrue();
    assertThat(answer.json().path("done_reason").asText()).isEqualTo(reason);
    assertThat(answer.json().has(text)).isTrue();
    assertThat(sluice.store.all()).isEmpty();
  }

  @Test
  void a_load_needs_a_model_that_is_served_and_a_key_that_may_use_it() {
    Answer unknown = sluice.json("POST", "/api/generate", "{\"model\":\"llama3\"}");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.body()).isEqualTo("{\"error\":\"model 'llama3' not found\"}");
    String chatsOnly = "Bearer " + sluice.key("default", Set.of("ollama:chat"));
    assertThat(sluice.json("POST", "/api/generate", GENERATE, "Authorization", chatsOnly).status())
        .isEqualTo(403);
    assertThat(
            sluice
                .json(
                    "POST",
                    "/api/generate",
                    "{\"model\":\"qwen3:14b\"}",
                    "Authorization",
                    chatsOnly)
                .status())
        .isEqualTo(403);
  }

  @Test
  void a_model_that_is_not_there_is_told_in_the_words_of_ollama() {
    Answer answer = sluice.json("POST", "/api/chat", CHAT.replace("qwen3:14b", "a\\\"b"));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("{\"error\":\"model 'a\\\"b' not found\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text/plain", "application/x-www-form-urlencoded"})
  void json_is_taken_whatever_its_type_says(String type) {
    Answer answer =
        sluice.send("POST", "/api/generate", "{\"model\":\"qwen3:14b\"}", "Content-Type", type);
    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void every_refusal_has_the_form_of_ollama() {
    for (Answer refused :
        List.of(
            sluice.json("POST", "/api/chat", "{"),
            sluice.json("POST", "/api/chat", "[]"),
            sluice.json("POST", "/api/chat", CHAT, "Authorization", "Bearer nonsense"),
            sluice.json("POST", "/api/chat", CHAT, "Authorization", ""),
            sluice.json("POST", "/api/chat", CHAT, "Content-Encoding", "gzip"),
            sluice.get("/api/chat"),
            sluice.get("/api/nothing"),
            sluice.json("POST", "/api/pull", "{}"),
            sluice.json("DELETE", "/api/delete", "{}"),
            sluice.json("POST", "/api/blobs/sha256:0", "x"))) {
      assertThat(refused.status()).isBetween(400, 415);
      assertThat(refused.header("Content-Type")).startsWith("application/json");
      assertThat(refused.json().size()).isEqualTo(1);
      assertThat(refused.json().path("error").asText()).isNotEmpty();
    }
    assertThat(sluice.get("/api/chat").header("Allow")).isEqualTo("POST");
    String powerless = "Bearer " + sluice.key("default", Set.of("something"));
    assertThat(sluice.json("POST", "/api/chat", CHAT, "Authorization", powerless).body())
        .isEqualTo("{\"error\":\"The credential lacks the scope ollama:chat.\"}");
  }

  @Test
  void a_failure_can_be_told_as_text_for_those_who_pass_over_errors() {
    sluice.close();
    sluice =
        new TestGateway(
            it ->
                it.held(
                    new HeldConfig(
                        Duration.ofMinutes(1), Duration.ofSeconds(15), HeldConfig.Failures.TEXT)));
    try (LineReader client = ask("/api/chat", CHAT)) {
      Lease lease = sluice.store.claim(job().id());
      say(lease, new JobEvent.Token("Hel"));
      await().until(() -> client.lines.size() == 1);
      sluice.store.finish(lease.id(), MemoryStore.failed());
      await().until(client::isEnded);
      assertThat(client.json()).hasSize(3);
      assertThat(client.json().get(1).at("/message/content").asText())
          .isEqualTo("\n\n[The engine died.]");
      assertThat(client.json().get(1).path("done").asBoolean(true)).isFalse();
      assertThat(client.json().get(2).path("done").asBoolean()).isTrue();
      assertThat(client.json().get(2).path("done_reason").asText()).isEqualTo("error");
    }
  }
}
