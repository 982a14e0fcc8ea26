package io.sluice.worker.ollama;

import static io.sluice.FailureCode.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobKind;
import io.sluice.Pool;
import io.sluice.enginesim.EngineError;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.Fault;
import io.sluice.enginesim.FaultKind;
import io.sluice.enginesim.SimConfig;
import io.sluice.enginesim.SimConfig.Timing;
import io.sluice.enginesim.SimModel;
import io.sluice.enginesim.SimText;
import io.sluice.worker.Answers;
import io.sluice.worker.Generation;
import io.sluice.worker.Generation.Piece;
import io.sluice.worker.ModelServer;
import io.sluice.worker.ModelServerContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OllamaModelServerTest extends ModelServerContract {
  private static final OllamaSettings SETTINGS =
      OllamaSettings.DEFAULT.grace(Duration.ofMillis(20), Duration.ofMillis(50));

  private EngineSim sim;
  private OllamaModelServer server;

  @BeforeEach
  void start() {
    start(SimConfig.DEFAULT, SETTINGS);
  }

  private void start(SimConfig config, OllamaSettings settings) {
    stop();
    sim = EngineSim.start(config);
    server = new OllamaModelServer(sim.uri(), settings);
  }

  @AfterEach
  void stop() {
    if (sim != null) {
      server.close();
      sim.close();
    }
  }

  @Override
  protected ModelServer server() {
    return server;
  }

  @Override
  protected String expected(String prompt, int tokens) {
    return SimText.answer(prompt, SimConfig.DEFAULT.seed()).first(tokens);
  }

  @Override
  protected void kill() {
    sim.unreachable();
  }

  @Override
  protected int running() {
    return sim.stats().running();
  }

  @Override
  protected long cancelled() {
    return sim.stats().cancelled();
  }

  private Answers ask(String prompt) {
    return Answers.of(server.start(Answers.chat(prompt)));
  }

  @ParameterizedTest
  @CsvSource({
    "[[sim:eof_after=0]],         ENGINE_ENDED_EARLY, 0",
    "[[sim:eof_after=5]],         ENGINE_ENDED_EARLY, 5",
    "[[sim:error_after=4]],       ENGINE_CRASHED, 4",
    "[[sim:reset_after=3]],       ENGINE_CRASHED, 3",
    "[[sim:garbage_after=2]],     ENGINE_PROTOCOL, 2",
    "[[sim:long_line_after=2]],   OUTPUT_TOO_LARGE, 2",
    "[[sim:content_type]],        ENGINE_PROTOCOL, 0",
    "[[sim:drop]],                ENGINE_UNREACHABLE, 0",
    "[[sim:done_reason=load]],    ENGINE_ENDED_EARLY, 40",
    "[[sim:done_reason=unload]],  ENGINE_ENDED_EARLY, 40",
  })
  void every_way_to_break_has_its_failure_after_the_text_so_far(
      String marker, FailureCode code, int tokens) {
    String prompt = "Why? [[sim:tokens=40]] " + marker;
    Answers answer = ask(prompt);
    assertThat(answer.failure()).isEqualTo(code);
    // A reset may overtake what was sent before it.
    assertThat(expected(prompt, tokens)).startsWith(answer.text());
    if (!marker.contains("reset")) {
      assertThat(answer.text()).isEqualTo(expected(prompt, tokens));
    }
    await().until(() -> running() == 0);
  }

  @ParameterizedTest
  @EnumSource
  void every_error_text_means_the_same_before_the_first_byte_and_after(EngineError error) {
    FailureCode before = ask("a [[sim:status=" + error.wireName() + "]]").failure();
    assertThat(before).isEqualTo(FailureMappingTest.MEANING.get(error));
    if (error.status() >= 500) {
      Answers after = ask("a [[sim:error=" + error.wireName() + "]]");
      assertThat(after.failure()).isEqualTo(before);
      assertThat(after.text()).isEqualTo(expected("a [[sim:error=" + error.wireName() + "]]", 3));
    }
  }

  @Test
  void characters_that_are_cut_in_two_arrive_whole() {
    String prompt = "日本語 🙂 [[sim:cut]] [[sim:tokens=120]]";
    assertThat(ask(prompt).text()).isEqualTo(expected(prompt, 120)).contains("日本語", "川");
  }

  @Test
  void an_end_without_metrics_costs_nothing_and_is_a_success() {
    Answers answer = ask("a [[sim:empty_metrics]]");
    assertThat(answer.last()).isEqualTo(new Piece.Done(false, io.sluice.Usage.NONE));
  }

  @Test
  void thinking_is_off_unless_asked_for_and_comes_apart_from_the_text() {
    assertThat(ask("a").pieces()).noneMatch(Piece.Thinking.class::isInstance);
    String request = "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"think\":true}";
    Answers answer = Answers.of(server.start(Answers.job(JobKind.CHAT, request, 20)));
    assertThat(answer.pieces().getFirst()).isInstanceOf(Piece.Thinking.class);
    assertThat(answer.text()).isEqualTo(expected("a", 12));
  }

  @Test
  void a_model_that_cannot_think_is_asked_without_harm() {
    start(SimConfig.DEFAULT.models(SimModel.plain("qwen3:14b")), SETTINGS);
    assertThat(ask("a").last()).isInstanceOf(Piece.Done.class);
    String request = "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"think\":true}";
    Piece last = Answers.of(server.start(Answers.job(JobKind.CHAT, request, 20))).last();
    assertThat(last)
        .isInstanceOfSatisfying(
            Piece.Failed.class,
            failed -> {
              assertThat(failed.why().code()).isEqualTo(INVALID_REQUEST);
              assertThat(failed.why().message()).contains("does not support thinking");
            });
  }

  @Test
  void a_tool_call_comes_whole() {
    String request =
        """
        {"messages":[{"role":"user","content":"weather?"}],"tools":[{"type":"function",
        "function":{"name":"weather","parameters":{"type":"object",
        "properties":{"city":{"type":"string"}}}}}]}""";
    Answers answer = Answers.of(server.start(Answers.job(JobKind.CHAT, request, 50)));
    assertThat(answer.pieces().getFirst())
        .isInstanceOfSatisfying(
            Piece.ToolCall.class,
            call ->
                assertThat(call.json()).contains("\"name\":\"weather\"", "\"city\":\"simulated\""));
  }

  @Test
  void no_option_of_a_request_reloads_the_model() {
    assertThat(server.probe(POOL)).isEmpty();
    String request =
        """
        {"messages":[{"role":"user","content":"a"}],"model":"other","stream":false,"shift":true,
        "truncate":true,"keep_alive":0,"options":{"num_ctx":512,"num_batch":7,"num_gpu":1,
        "use_mmap":false,"num_thread":3,"num_predict":100000,"temperature":0.1}}""";
    Answers answer = Answers.of(server.start(Answers.job(JobKind.CHAT, request, 6)));
    assertThat(answer.text()).isEqualTo(expected("a", 6));
    assertThat(sim.stats().loads()).isEqualTo(1);
    assertThat(sim.stats().reloads()).isZero();
  }

  @Test
  void a_prompt_beyond_the_context_is_an_honest_refusal() {
    assertThat(ask("word ".repeat(9000)).failure()).isEqualTo(CONTEXT_LENGTH_EXCEEDED);
  }

  @Test
  void what_asks_nothing_is_never_sent() {
    for (String request : List.of("{}", "{\"messages\":[]}", "[]", "not json")) {
      assertThat(Answers.of(server.start(Answers.job(JobKind.CHAT, request, 5))).failure())
          .isEqualTo(INVALID_REQUEST);
    }
    Job empty = Answers.job(JobKind.GENERATE, "{\"prompt\":\"\"}", 5);
    assertThat(Answers.of(server.start(empty)).failure()).isEqualTo(INVALID_REQUEST);
    assertThat(sim.stats().requests() + sim.stats().loads()).isZero();
  }

  @Test
  void the_grace_of_a_close_covers_the_time_until_the_slot_is_free() {
    start(
        SimConfig.DEFAULT.slots(1).timing(Timing.NONE.release(Duration.ofMillis(200))),
        OllamaSettings.DEFAULT.grace(Duration.ofSeconds(1), Duration.ofSeconds(1)));
    for (int i = 0; i < 3; i++) {
      Generation generation = server.start(Answers.chat("[[sim:endless]] [[sim:delay=2]]"));
      assertThat(generation.next(Duration.ofSeconds(10))).isInstanceOf(Piece.Text.class);
      generation.close();
    }
    assertThat(sim.stats().openMax()).isEqualTo(1);
    assertThat(sim.stats().cancelled()).isEqualTo(3);
  }

  @Test
  void a_slow_reader_holds_the_engine_back_and_loses_nothing() {
    String prompt = "[[sim:tokens=20000]]";
    Job job = Answers.job(JobKind.GENERATE, "{\"prompt\":\"" + prompt + "\"}", 5000);
    Generation generation = server.start(job);
    await().until(() -> running() <= 1 && sim.stats().requests() == 1);
    assertThat(Answers.of(generation).text()).isEqualTo(expected(prompt, 5000));
  }

  @Test
  void sequential_jobs_never_meet_in_a_slot() {
    start(SimConfig.DEFAULT.slots(1), SETTINGS);
    List<FailureCode> failures = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Answers answer = ask("n" + i + (i % 3 == 0 ? " [[sim:eof_after=2]]" : ""));
      if (i % 3 == 0) {
        failures.add(answer.failure());
      }
    }
    assertThat(failures).hasSize(67).containsOnly(ENGINE_ENDED_EARLY);
    assertThat(sim.stats().openMax()).isEqualTo(1);
  }

  @Test
  void a_probe_outlasts_a_slow_load_and_loads_once() {
    start(SimConfig.DEFAULT.timing(Timing.NONE.load(Duration.ofMillis(500))), SETTINGS);
    assertThat(server.probe(POOL)).isEmpty();
    assertThat(ask("a").last()).isInstanceOf(Piece.Done.class);
    assertThat(sim.stats().loads()).isEqualTo(1);
    assertThat(sim.stats().abortedLoads()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "load_oom, ENGINE_OUT_OF_MEMORY",
    "load_crash, ENGINE_CRASHED",
    "load_timeout, ENGINE_LOADING",
    "busy, ENGINE_BUSY",
  })
  void a_probe_says_why_the_model_does_not_load(String error, FailureCode code) {
    sim.faults(Fault.always(FaultKind.STATUS, error));
    assertThat(server.probe(POOL).orElseThrow().code()).isEqualTo(code);
  }

  @Test
  void a_probe_notices_a_server_that_is_green_and_generates_nothing() {
    start(SimConfig.DEFAULT, SETTINGS.probeDeadline(Duration.ofMillis(300)));
    sim.faults(Fault.always(FaultKind.STALL_FIRST, 0));
    assertThat(server.probe(POOL).orElseThrow().code()).isEqualTo(FIRST_TOKEN_TIMEOUT);
    sim.faults(Fault.always(FaultKind.EOF_AFTER, 0));
    assertThat(server.probe(POOL).orElseThrow().code()).isEqualTo(ENGINE_ENDED_EARLY);
  }

  @Test
  void a_probe_notices_a_context_that_was_silently_clamped() {
    assertThat(server.probe(Pool.parse("qwen3:14b@64k")).orElseThrow().message())
        .isEqualTo(
            "The model server gives qwen3:14b 40960 tokens of context, not the 65536 of its pool.");
  }
}
