package io.sluice.worker.openai;

import static io.sluice.FailureCode.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobKind;
import io.sluice.ModelFacts;
import io.sluice.Pool;
import io.sluice.Unavailable;
import io.sluice.Usage;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.OpenAiError;
import io.sluice.enginesim.OpenAiSim;
import io.sluice.enginesim.OpenAiSim.Thoughts;
import io.sluice.enginesim.SimConfig;
import io.sluice.tls.ClientTls;
import io.sluice.worker.Answers;
import io.sluice.worker.Generation;
import io.sluice.worker.Generation.Piece;
import io.sluice.worker.ModelServer;
import io.sluice.worker.ModelServerContract;
import io.sluice.worker.Unloading;
import io.sluice.worker.http.RawServer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OpenAiModelServerTest extends ModelServerContract {
  private static final Duration WITHIN = Duration.ofSeconds(5);

  @Override
  protected EngineSim simulate(SimConfig config) {
    return EngineSim.start(config, OpenAiSim.DEFAULT);
  }

  @Override
  protected ModelServer connect(URI uri, Waits waits) {
    return client(uri, Optional.empty(), waits);
  }

  private static OpenAiModelServer client(URI uri, Optional<String> key, Waits waits) {
    OpenAiSettings settings =
        OpenAiSettings.DEFAULT
            .grace(waits.graceFlowing(), waits.gracePrefill())
            .probeDeadline(waits.probe());
    return new OpenAiModelServer(uri, key, settings, ClientTls.DEFAULT);
  }

  @Test
  void a_model_is_described_as_far_as_the_server_knows_it() {
    List<ModelFacts> all = server().describe(Set.of("qwen3:14b", "nothing:1b"), WITHIN);
    assertThat(all).hasSize(1);
    ModelFacts facts = all.getFirst();
    assertThat(facts.model()).isEqualTo("qwen3:14b");
    assertThat(facts.contextTokens()).hasValue(8192);
    assertThat(facts.modifiedAt()).contains(Instant.ofEpochSecond(1_750_000_000));
    assertThat(facts.digest()).isEmpty();
    assertThat(facts.loaded()).isPresent();
  }

  @Test
  void what_llama_server_says_of_its_model_beyond_that_is_kept() throws Exception {
    String body =
        "{\"data\":[{\"id\":\"a.gguf\",\"aliases\":[\"qwen3:14b\"],\"meta\":"
            + "{\"n_params\":14768307200,\"size\":9276198565,\"n_ctx\":4096}}]}";
    String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
    try (RawServer raw = RawServer.of(head + body.length() + "\r\n\r\n" + body);
        OpenAiModelServer client = client(raw.uri(), Optional.empty(), Waits.SHORT)) {
      ModelFacts facts = client.describe(Set.of("qwen3:14b"), WITHIN).getFirst();
      assertThat(facts.details()).isEqualTo("{\"parameter_size\":\"14.8B\"}");
      assertThat(facts.bytes()).hasValue(9_276_198_565L);
      assertThat(facts.contextTokens()).hasValue(4096);
      assertThat(facts.info()).isEqualTo("{\"general.parameter_count\":14768307200}");
    }
  }

  @Test
  void there_is_nothing_to_unload_and_it_says_so() {
    assertThat(server().unload(POOL, WITHIN)).isEqualTo(new Unloading.Unsupported());
  }

  @ParameterizedTest
  @EnumSource
  void every_error_means_the_same_before_the_first_byte_and_after(OpenAiError error) {
    FailureCode before = ask("a [[sim:status=" + error.wireName() + "]]").failure();
    assertThat(before).isEqualTo(OpenAiErrorsTest.MEANING.get(error));
    if (error.status() != 401) {
      Answers after = ask("a [[sim:error=" + error.wireName() + "]]");
      assertThat(after.failure()).isEqualTo(before);
      assertThat(after.text()).isEqualTo(expected("a [[sim:error=" + error.wireName() + "]]", 3));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "abort, ENGINE_ENDED_EARLY",
    "error, ENGINE_ERROR",
    "content_filter, ENGINE_ENDED_EARLY"
  })
  void done_after_a_finish_that_is_not_the_model_s_own_is_no_success(
      String reason, FailureCode code) {
    Answers answer = ask("a [[sim:tokens=5]] [[sim:done_reason=" + reason + "]]");
    assertThat(answer.failure()).isEqualTo(code);
  }

  @Test
  void an_end_without_usage_is_charged_by_the_prompt_and_the_pieces_that_came() {
    Piece last = ask("a [[sim:empty_metrics]] [[sim:tokens=9]]").last();
    assertThat(last).isEqualTo(new Piece.Done(false, new Usage(7, 9)));
  }

  @ParameterizedTest
  @EnumSource
  void thoughts_come_apart_however_the_server_tells_them(Thoughts thoughts) {
    start(EngineSim.start(SimConfig.DEFAULT, OpenAiSim.DEFAULT.thoughts(thoughts)), Waits.SHORT);
    String request = "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"think\":\"high\"}";
    Answers answer = Answers.of(server().start(Answers.job(JobKind.CHAT, request, 20)));
    assertThat(answer.pieces().getFirst()).isInstanceOf(Piece.Thinking.class);
    assertThat(answer.text()).isEqualTo(expected("a", 12));
  }

  @Test
  void arguments_in_parts_become_one_call_as_ollama_writes_it() {
    String request =
        """
        {"messages":[{"role":"user","content":"weather?"}],"tools":[{"type":"function",
        "function":{"name":"weather","parameters":{"type":"object",
        "properties":{"city":{"type":"string"},"days":{"type":"integer"}}}}}]}""";
    Answers answer = Answers.of(server().start(Answers.job(JobKind.CHAT, request, 50)));
    assertThat(answer.pieces().stream().filter(Piece.ToolCall.class::isInstance).toList())
        .singleElement()
        .isInstanceOfSatisfying(
            Piece.ToolCall.class,
            call -> {
              assertThat(Json.parse(call.json()).path("id").asText()).startsWith("call_");
              assertThat(Json.parse(call.json()).path("function"))
                  .isEqualTo(
                      Json.parse(
                          """
                          {"index":0,"name":"weather",
                          "arguments":{"city":"simulated","days":1}}"""));
            });
    assertThat(answer.last())
        .isInstanceOfSatisfying(
            Piece.Done.class, done -> assertThat(done.lengthReached()).isFalse());
  }

  @Test
  void a_schema_is_obeyed() {
    String request =
        """
        {"messages":[{"role":"user","content":"x"}],
        "format":{"type":"object","properties":{"ok":{"type":"boolean"}}}}""";
    Answers answer = Answers.of(server().start(Answers.job(JobKind.CHAT, request, 50)));
    assertThat(answer.text()).isEqualTo("{\"ok\":true}");
  }

  @Test
  void a_key_is_shown_and_a_wrong_one_is_told_apart_from_a_server_that_is_away() {
    EngineSim locked = EngineSim.start(SimConfig.DEFAULT, OpenAiSim.DEFAULT.key("sk-right"));
    start(locked, Waits.SHORT);
    String sentence = "The model server refused the key: set --engine-api-key-file.";
    assertThat(server().probe(POOL)).contains(new Failure(ENGINE_UNREACHABLE, sentence));
    assertThatThrownBy(() -> server().models(WITHIN))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining(sentence);
    try (ModelServer right = client(locked.uri(), Optional.of("sk-right"), Waits.SHORT)) {
      assertThat(right.probe(POOL)).isEmpty();
      assertThat(Answers.of(right.start(Answers.chat("a"))).last()).isInstanceOf(Piece.Done.class);
    }
  }

  @Test
  void its_address_may_end_with_the_version_that_its_documentation_names() {
    for (String end : new String[] {"/v1", "/v1/", "/"}) {
      try (ModelServer other = connect(URI.create(sim().uri() + end), Waits.SHORT)) {
        assertThat(other.models(WITHIN)).containsExactly("qwen3:14b");
      }
    }
  }

  @Test
  void a_probe_says_which_models_there_are_and_which_context() {
    assertThat(server().probe(Pool.parse("other:1b")).orElseThrow().message())
        .isEqualTo("The model server does not have other:1b, but qwen3:14b.");
    assertThat(server().probe(Pool.parse("qwen3:14b@16k")).orElseThrow().message())
        .isEqualTo(
            "The model server gives qwen3:14b 8192 tokens of context, not the 16384 of its pool.");
  }

  @Test
  void the_size_of_the_cache_is_the_server_s_own_word() {
    OpenAiSim small = OpenAiSim.DEFAULT.cacheTokens(12_800);
    start(EngineSim.start(SimConfig.DEFAULT, small), Waits.SHORT);
    OpenAiModelServer server = (OpenAiModelServer) server();
    assertThat(server.cacheTokens(WITHIN)).hasValue(12_800);
    sim().unreachable();
    assertThat(server.cacheTokens(WITHIN)).isEmpty();
  }

  @Test
  void requests_that_do_not_fit_the_cache_wait_in_the_server() {
    OpenAiSim small = OpenAiSim.DEFAULT.cacheTokens(1000);
    start(EngineSim.start(SimConfig.DEFAULT, small), Waits.SHORT);
    Generation first = server().start(job("[[sim:endless]] [[sim:delay=2]]", 600));
    assertThat(first.next(WITHIN)).isInstanceOf(Piece.Text.class);
    Generation second = server().start(job("b", 600));
    await().until(() -> sim().stats().open() == 2);
    assertThat(sim().stats().running()).isEqualTo(1);
    first.close();
    assertThat(Answers.of(second).last()).isInstanceOf(Piece.Done.class);
    assertThat(sim().stats().heldMax()).isLessThanOrEqualTo(1000);
  }

  private static Job job(String prompt, int maxOutputTokens) {
    String request = Json.write(Json.object().put("prompt", prompt));
    return Answers.job(JobKind.GENERATE, request, maxOutputTokens);
  }
}
