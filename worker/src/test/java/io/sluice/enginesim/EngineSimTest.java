package io.sluice.enginesim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.enginesim.SimConfig.Timing;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineSimTest {
  private EngineSim sim;
  private SimClient client;

  private void start(SimConfig config) {
    sim = EngineSim.start(config);
    client = new SimClient(sim);
  }

  @AfterEach
  void stop() {
    client.close();
    sim.close();
  }

  @Test
  void streams_the_text_that_a_test_can_compute_and_ends_with_done() throws Exception {
    start(SimConfig.DEFAULT.answerTokens(30));
    HttpResponse<String> response = client.post("/api/chat", SimClient.chat("What is a queue?"));
    assertThat(response.headers().firstValue("Content-Type")).contains("application/x-ndjson");
    assertThat(SimClient.text(response))
        .isEqualTo(SimText.answer("What is a queue?", 42).first(30))
        .startsWith("(Simulated answer, no model ran.) You wrote about “What is a queue”.");
    JsonNode last = SimClient.lines(response).getLast();
    assertThat(last.path("done").asBoolean()).isTrue();
    assertThat(last.path("done_reason").asText()).isEqualTo("stop");
    assertThat(last.path("eval_count").asInt()).isEqualTo(30);
    assertThat(last.path("prompt_eval_count").asInt()).isEqualTo(8);
    assertThat(last.path("total_duration").asLong()).isPositive();
  }

  @Test
  void echoes_a_prompt_in_tokens_that_end_within_what_a_reader_sees_as_one_character()
      throws Exception {
    start(SimConfig.DEFAULT);
    String said = "e\u0301 \ud83d\udc69\u200d\ud83d\udc67 東京";
    HttpResponse<String> response =
        client.post("/api/chat", SimClient.chat("[[sim:echo=1]][[sim:cut]]" + said));
    assertThat(SimClient.text(response)).isEqualTo(said);
    assertThat(SimClient.lines(response)).hasSize(said.codePointCount(0, said.length()) + 1);
  }

  @Test
  void answers_whole_where_no_stream_is_wanted() throws Exception {
    start(SimConfig.DEFAULT);
    ObjectNode body = Json.object().put("model", "qwen3:14b").put("prompt", "hi");
    body.put("stream", false).put("think", false).putObject("options").put("num_predict", 15);
    HttpResponse<String> response = client.post("/api/generate", body);
    JsonNode answer = Json.parse(response.body());
    assertThat(answer.path("response").asText()).isEqualTo(SimText.answer("hi", 42).first(15));
    assertThat(answer.path("done_reason").asText()).isEqualTo("length");
  }

  @Test
  void stops_at_num_predict_and_at_the_end_of_the_context_for_length() throws Exception {
    start(SimConfig.DEFAULT.answerTokens(100));
    JsonNode limited =
        SimClient.lines(client.post("/api/chat", SimClient.limited("a", 10))).getLast();
    assertThat(limited.path("done_reason").asText()).isEqualTo("length");
    assertThat(limited.path("eval_count").asInt()).isEqualTo(10);
    ObjectNode full = SimClient.chat("a").put("shift", false);
    full.withObjectProperty("options").put("num_ctx", 50);
    JsonNode last = SimClient.lines(client.post("/api/chat", full)).getLast();
    assertThat(last.path("done_reason").asText()).isEqualTo("length");
    assertThat(last.path("eval_count").asInt() + last.path("prompt_eval_count").asInt())
        .isEqualTo(50);
  }

  @Test
  void refuses_an_overlong_prompt_only_where_it_is_told_not_to_cut_it() throws Exception {
    start(SimConfig.DEFAULT);
    ObjectNode body = SimClient.chat("word ".repeat(300));
    body.withObjectProperty("options").put("num_ctx", 256);
    JsonNode cut = SimClient.lines(client.post("/api/chat", body)).getLast();
    assertThat(cut.path("prompt_eval_count").asInt()).isEqualTo(130);
    assertThat(sim.stats().truncated()).isOne();
    HttpResponse<String> native400 = client.post("/api/chat", body.put("truncate", false));
    assertThat(native400.statusCode()).isEqualTo(400);
    assertThat(native400.body()).contains("exceed_context_size_error");
    HttpResponse<String> rendered400 = client.post("/api/chat", body.put("shift", false));
    assertThat(rendered400.statusCode()).isEqualTo(400);
    assertThat(rendered400.body()).contains("the prompt is longer than the context length");
  }

  @Test
  void drops_the_oldest_messages_of_a_chat_silently_unless_it_is_told_not_to() throws Exception {
    start(SimConfig.DEFAULT.answerTokens(3));
    ObjectNode body = Json.object().put("model", "qwen3:14b").put("think", false);
    body.put("shift", false).putObject("options").put("num_ctx", 256);
    ArrayNode messages = body.putArray("messages");
    messages.addObject().put("role", "system").put("content", "be short");
    messages.addObject().put("role", "user").put("content", "word ".repeat(300));
    messages.addObject().put("role", "user").put("content", "and now?");
    JsonNode last = SimClient.lines(client.post("/api/chat", body)).getLast();
    assertThat(last.path("prompt_eval_count").asInt()).isLessThan(20);
    assertThat(sim.stats().truncated()).isOne();
    assertThat(client.post("/api/chat", body.put("truncate", false)).statusCode()).isEqualTo(400);
    assertThat(sim.stats().truncated()).isOne();
  }

  @Test
  void reloads_where_one_request_names_a_batch_and_another_leaves_it_to_the_server()
      throws Exception {
    start(SimConfig.DEFAULT);
    ObjectNode named = SimClient.limited("a", 3);
    named.withObjectProperty("options").put("num_batch", 512);
    client.post("/api/chat", named);
    named.withObjectProperty("options").put("num_gpu", -1);
    client.post("/api/chat", named);
    assertThat(sim.stats().reloads()).isZero();
    client.post("/api/chat", SimClient.limited("a", 3));
    assertThat(sim.stats().reloads()).isOne();
  }

  @Test
  void a_turn_is_read_only_from_where_a_free_slot_has_not_read_it_before() throws Exception {
    start(SimConfig.DEFAULT.slots(2).answerTokens(10));
    ObjectNode talk = SimClient.chat("word ".repeat(100));
    String answer = SimClient.text(client.post("/api/chat", talk));
    client.post("/api/chat", SimClient.chat("other ".repeat(50)));
    long read = sim.stats().readTokens();
    assertThat(sim.stats().cachedTokens()).isLessThan(10);
    talk.withArray("messages").addObject().put("role", "assistant").put("content", answer);
    talk.withArray("messages").addObject().put("role", "user").put("content", "and then?");
    client.post("/api/chat", talk);
    assertThat(sim.stats().readTokens() - read).isLessThan(20);
    assertThat(sim.stats().cachedTokens()).isGreaterThan(100);
    client.post("/api/chat", SimClient.chat("third ".repeat(50)));
    client.post("/api/chat", SimClient.chat("fourth ".repeat(50)));
    read = sim.stats().readTokens();
    client.post("/api/chat", talk);
    assertThat(sim.stats().readTokens() - read).isLessThan(20);
  }

  @Test
  void a_turn_is_read_anew_once_more_was_read_than_the_cache_holds() throws Exception {
    start(SimConfig.DEFAULT.slots(1).answerTokens(10));
    ObjectNode talk = SimClient.chat("word ".repeat(5000));
    client.post("/api/chat", talk);
    for (int i = 0; i < 13; i++) {
      client.post("/api/chat", SimClient.chat((i + "23456 ").repeat(4000)));
    }
    long read = sim.stats().readTokens();
    client.post("/api/chat", talk);
    assertThat(sim.stats().readTokens() - read).isGreaterThan(4900);
  }

  @Test
  void thinks_first_unless_told_not_to() throws Exception {
    start(SimConfig.DEFAULT.answerTokens(5));
    ObjectNode body = SimClient.chat("hm");
    body.remove("think");
    List<JsonNode> lines = SimClient.lines(client.post("/api/chat", body));
    assertThat(lines.getFirst().path("message").path("thinking").asText()).isNotEmpty();
    assertThat(lines.getFirst().path("message").path("content").asText()).isEmpty();
    assertThat(lines.getLast().path("eval_count").asInt()).isEqualTo(13);
    assertThat(client.post("/api/chat", SimClient.chat("hm")).body()).doesNotContain("thinking");
  }

  @Test
  void calls_the_first_tool_with_arguments_that_fit_and_answers_after_its_result()
      throws Exception {
    start(SimConfig.DEFAULT);
    ObjectNode body = SimClient.chat("weather?");
    JsonNode tools =
        Json.parse(
            """
            [{"type":"function","function":{"name":"weather","parameters":{"type":"object",
              "properties":{"city":{"type":"string"},"days":{"type":"integer"}}}}}]""");
    body.set("tools", tools);
    JsonNode line = SimClient.lines(client.post("/api/chat", body)).getFirst();
    JsonNode call = line.path("message").path("tool_calls").path(0).path("function");
    assertThat(call.path("name").asText()).isEqualTo("weather");
    assertThat(call.path("arguments")).isEqualTo(Json.parse("{\"city\":\"simulated\",\"days\":1}"));
    body.withArrayProperty("messages").addObject().put("role", "tool").put("content", "rain");
    assertThat(client.post("/api/chat", body).body()).doesNotContain("tool_calls");
  }

  @Test
  void writes_json_that_fits_the_format() throws Exception {
    start(SimConfig.DEFAULT);
    ObjectNode body = SimClient.chat("x");
    body.set(
        "format",
        Json.parse("{\"type\":\"object\",\"properties\":{\"ok\":{\"type\":\"boolean\"}}}"));
    assertThat(SimClient.text(client.post("/api/chat", body))).isEqualTo("{\"ok\":true}");
    body.put("format", "json");
    JsonNode free = Json.parse(SimClient.text(client.post("/api/chat", body)));
    assertThat(free.path("simulated").asBoolean()).isTrue();
  }

  @Test
  void never_runs_more_than_its_slots_and_lets_the_rest_wait_without_bound() throws Exception {
    start(SimConfig.DEFAULT.slots(2).timing(Timing.NONE.perToken(Duration.ofMillis(1))));
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(client.postLater("/api/chat", SimClient.limited("p" + i, 10)));
    }
    answers.forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
    assertThat(sim.stats().runningMax()).isEqualTo(2);
    assertThat(sim.stats().openMax()).isGreaterThan(2);
    // The last answer reaches its client a moment before it is counted.
    await().until(() -> sim.stats().completed() == 20 && sim.stats().open() == 0);
  }

  @Test
  void reloads_when_a_runner_option_or_shift_differs_and_only_then() throws Exception {
    start(SimConfig.DEFAULT);
    client.post("/api/chat", SimClient.limited("a", 3));
    client.post("/api/chat", SimClient.limited("b", 4));
    assertThat(sim.stats().loads()).isEqualTo(1);
    ObjectNode larger = SimClient.limited("a", 3);
    larger.withObjectProperty("options").put("num_ctx", 4096);
    client.post("/api/chat", larger);
    client.post("/api/chat", larger.put("shift", false));
    assertThat(sim.stats().reloads()).isEqualTo(2);
    assertThat(client.get("/api/ps").body()).contains("\"context_length\":4096");
  }

  @Test
  void frees_the_slot_of_a_client_that_left_only_after_a_while() throws Exception {
    start(
        SimConfig.DEFAULT
            .slots(1)
            .timing(Timing.NONE.perToken(Duration.ofMillis(5)).release(Duration.ofMillis(300))));
    InputStream stream = client.open("/api/chat", SimClient.chat("[[sim:endless]]"));
    assertThat(stream.read()).isEqualTo('{');
    stream.close();
    await().until(() -> sim.stats().cancelled() == 1);
    assertThat(sim.stats().running()).isEqualTo(1);
    await().until(() -> sim.stats().running() == 0 && sim.stats().open() == 0);
  }

  @Test
  void an_old_server_notices_a_client_that_left_only_when_it_writes_a_token() throws Exception {
    start(
        SimConfig.DEFAULT.timing(
            Timing.NONE.prefillPerToken(Duration.ofMillis(200)).noticesLate(true)));
    CompletableFuture<HttpResponse<String>> answer =
        client.postLater("/api/chat", SimClient.chat("a"));
    await().until(() -> sim.stats().running() == 1);
    long left = System.nanoTime();
    answer.cancel(true);
    await().until(() -> sim.stats().cancelled() == 1);
    await().until(() -> sim.stats().running() == 0);
    // Five tokens of prompt take a second, whoever listens.
    assertThat(Duration.ofNanos(System.nanoTime() - left)).isGreaterThan(Duration.ofMillis(300));
  }

  @Test
  void answers_that_are_generated_together_slow_each_other_as_the_curve_says() throws Exception {
    ParallelCurve halved = ParallelCurve.parse("2=1");
    start(SimConfig.DEFAULT.timing(Timing.NONE.perToken(Duration.ofMillis(10)).curve(halved)));
    InputStream other = client.open("/api/chat", SimClient.chat("[[sim:endless]]"));
    assertThat(other.read()).isEqualTo('{');
    HttpResponse<String> both = client.post("/api/chat", SimClient.limited("a", 10));
    other.close();
    long nanos = SimClient.lines(both).getLast().path("eval_duration").asLong();
    assertThat(Duration.ofNanos(nanos)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
  }

  @Test
  void a_client_that_leaves_during_the_load_aborts_it() throws Exception {
    start(SimConfig.DEFAULT.timing(Timing.NONE.load(Duration.ofMinutes(1))));
    CompletableFuture<HttpResponse<String>> answer =
        client.postLater("/api/chat", SimClient.chat("a"));
    await().until(() -> sim.stats().loads() == 1);
    answer.cancel(true);
    await().until(() -> sim.stats().abortedLoads() == 1);
    assertThat(client.get("/api/ps").body()).isEqualTo("{\"models\":[]}");
  }

  @Test
  void loads_and_unloads_on_an_empty_prompt() throws Exception {
    start(SimConfig.DEFAULT);
    ObjectNode empty = Json.object().put("model", "qwen3:14b");
    assertThat(client.post("/api/generate", empty).body()).contains("\"done_reason\":\"load\"");
    assertThat(client.get("/api/ps").body()).contains("qwen3:14b");
    empty.put("keep_alive", 0);
    assertThat(client.post("/api/generate", empty).body()).contains("\"done_reason\":\"unload\"");
    assertThat(client.get("/api/ps").body()).isEqualTo("{\"models\":[]}");
  }

  @Test
  void answers_like_ollama_where_it_is_only_asked_about_itself() throws Exception {
    start(SimConfig.DEFAULT);
    assertThat(client.get("/").body()).isEqualTo("Ollama is running");
    assertThat(client.get("/api/version").body()).isEqualTo("{\"version\":\"0.33.0\"}");
    assertThat(client.get("/api/tags").body()).contains("\"name\":\"qwen3:14b\"", "thinking");
    JsonNode name = Json.object().put("model", "qwen3:14b");
    assertThat(client.post("/api/show", name).body()).contains("\"qwen3.context_length\":40960");
    HttpResponse<String> missing =
        client.post("/api/chat", SimClient.chat("a").put("model", "other"));
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.body()).isEqualTo("{\"error\":\"model 'other' not found\"}");
    assertThat(client.get("/api/chat").statusCode()).isEqualTo(405);
  }

  @Test
  void a_marker_in_a_prompt_breaks_only_that_job_and_only_as_often_as_it_says() throws Exception {
    start(SimConfig.DEFAULT);
    ObjectNode body = SimClient.chat("x [[sim:eof_after=2]] [[sim:runs=1]]");
    assertThat(SimClient.lines(client.post("/api/chat", body))).hasSize(2);
    assertThat(client.post("/api/chat", body).body()).contains("\"done\":true");
    assertThat(sim.runs("x [[sim:eof_after=2]] [[sim:runs=1]]")).isEqualTo(2);
  }

  @Test
  void faults_are_switched_over_http_with_a_probability_and_a_count() throws Exception {
    start(SimConfig.DEFAULT);
    String faults = "{\"status\":{\"value\":\"load_oom\",\"probability\":1,\"times\":2}}";
    assertThat(client.post("/sim/faults", Json.parse(faults)).statusCode()).isEqualTo(200);
    for (int expected : new int[] {500, 500, 200}) {
      assertThat(client.post("/api/chat", SimClient.limited("a", 1)).statusCode())
          .isEqualTo(expected);
    }
    assertThat(client.post("/sim/faults", Json.parse("{\"nonsense\":1}")).statusCode())
        .isEqualTo(400);
    assertThat(client.get("/sim/stats").body()).contains("\"openMax\":1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"kind\":\"drop\"}]",
        "{\"drop\":{\"value\":1,\"rate\":0.5}}",
        "{\"status\":\"nonsense\"}"
      })
  void faults_that_are_not_understood_are_refused_and_not_dropped(String faults) throws Exception {
    start(SimConfig.DEFAULT);
    assertThat(client.post("/sim/faults", Json.parse(faults)).statusCode()).isEqualTo(400);
  }

  @Test
  void an_unreachable_server_comes_back_on_its_port() throws Exception {
    start(SimConfig.DEFAULT);
    sim.unreachable();
    assertThatThrownBy(() -> client.get("/")).isInstanceOf(IOException.class);
    sim.reachable();
    assertThat(client.get("/").statusCode()).isEqualTo(200);
  }

  @Test
  void holds_all_generations_until_they_are_released() throws Exception {
    start(SimConfig.DEFAULT);
    sim.hold();
    CompletableFuture<HttpResponse<String>> answer =
        client.postLater("/api/chat", SimClient.limited("a", 3));
    await().until(() -> sim.stats().running() == 1);
    assertThat(sim.stats().tokens()).isZero();
    sim.release();
    assertThat(answer.join().body()).contains("\"done\":true");
  }

  @Test
  void a_model_that_does_not_fit_is_loaded_in_whole_layers_as_far_as_the_gpu_goes()
      throws Exception {
    start(SimConfig.DEFAULT.memory(SimMemory.of(14L << 30)));
    client.post("/api/chat", SimClient.limited("hi", 1));
    JsonNode model = Json.parse(client.get("/api/ps").body()).path("models").path(0);
    long size = model.path("size").asLong();
    assertThat(size).isEqualTo((8_429L << 20) + 321_650_688L + 4 * 8_192 * 163_840L);
    assertThat(model.path("size_vram").asLong()).isEqualTo(Math.ceilDiv(size, 40) * 36);
  }
}
