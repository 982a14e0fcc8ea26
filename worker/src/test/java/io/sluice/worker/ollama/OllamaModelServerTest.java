package io.sluice.worker.ollama;

import static io.sluice.FailureCode.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.JobKind;
import io.sluice.ModelFacts;
import io.sluice.Pool;
import io.sluice.Timings;
import io.sluice.enginesim.EngineError;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.Fault;
import io.sluice.enginesim.FaultKind;
import io.sluice.enginesim.SimConfig;
import io.sluice.enginesim.SimConfig.Timing;
import io.sluice.enginesim.SimMemory;
import io.sluice.enginesim.SimModel;
import io.sluice.tls.ClientTls;
import io.sluice.worker.Answers;
import io.sluice.worker.Generation;
import io.sluice.worker.Generation.Piece;
import io.sluice.worker.ModelServer;
import io.sluice.worker.ModelServerContract;
import io.sluice.worker.Unloading;
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

class OllamaModelServerTest extends ModelServerContract {
  private static final long GIB = 1L << 30;

  @Override
  protected EngineSim simulate(SimConfig config) {
    return EngineSim.start(config);
  }

  @Override
  protected ModelServer connect(URI uri, Waits waits) {
    return new OllamaModelServer(
        uri,
        OllamaSettings.DEFAULT
            .grace(waits.graceFlowing(), waits.gracePrefill())
            .probeDeadline(waits.probe()));
  }

  private void start(SimConfig config, GpuRule rule) {
    EngineSim started = simulate(config);
    start(started, new OllamaModelServer(started.uri(), OllamaSettings.DEFAULT.gpuRule(rule)));
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
  void an_end_without_metrics_costs_nothing_and_is_a_success() {
    Answers answer = ask("a [[sim:empty_metrics]]");
    assertThat(answer.last()).isEqualTo(new Piece.Done(false, io.sluice.Usage.NONE));
  }

  @Test
  void a_model_that_cannot_think_is_asked_without_harm() {
    start(SimConfig.DEFAULT.models(SimModel.plain("qwen3:14b")), Waits.SHORT);
    assertThat(ask("a").last()).isInstanceOf(Piece.Done.class);
    String request = "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"think\":true}";
    Piece last = Answers.of(server().start(Answers.job(JobKind.CHAT, request, 20))).last();
    assertThat(last)
        .isInstanceOfSatisfying(
            Piece.Failed.class,
            failed -> {
              assertThat(failed.why().code()).isEqualTo(INVALID_REQUEST);
              assertThat(failed.why().message()).contains("does not support thinking");
            });
  }

  @Test
  void no_option_of_a_request_reloads_the_model() {
    assertThat(server().probe(POOL)).isEmpty();
    String request =
        """
        {"messages":[{"role":"user","content":"a"}],"model":"other","stream":false,"shift":true,
        "truncate":true,"keep_alive":0,"options":{"num_ctx":512,"num_batch":7,"num_gpu":1,
        "use_mmap":false,"num_thread":3,"num_predict":100000,"temperature":0.1}}""";
    Answers answer = Answers.of(server().start(Answers.job(JobKind.CHAT, request, 6)));
    assertThat(answer.text()).isEqualTo(expected("a", 6));
    assertThat(sim().stats().loads()).isEqualTo(1);
    assertThat(sim().stats().reloads()).isZero();
  }

  @Test
  void a_probe_outlasts_a_slow_load_and_loads_once() {
    start(SimConfig.DEFAULT.timing(Timing.NONE.load(Duration.ofMillis(500))), Waits.SHORT);
    assertThat(server().probe(POOL)).isEmpty();
    assertThat(ask("a").last()).isInstanceOf(Piece.Done.class);
    assertThat(sim().stats().loads()).isEqualTo(1);
    assertThat(sim().stats().abortedLoads()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "load_oom, ENGINE_OUT_OF_MEMORY",
    "load_crash, ENGINE_CRASHED",
    "load_timeout, ENGINE_LOADING",
    "busy, ENGINE_BUSY",
  })
  void a_probe_says_why_the_model_does_not_load(String error, FailureCode code) {
    sim().faults(Fault.always(FaultKind.STATUS, error));
    assertThat(server().probe(POOL).orElseThrow().code()).isEqualTo(code);
  }

  @Test
  void a_hang_that_no_probe_gets_through_ends_when_the_model_is_unloaded() {
    start(SimConfig.DEFAULT, Waits.SHORT.probe(Duration.ofMillis(300)));
    assertThat(server().probe(POOL)).isEmpty();
    sim().faults(Fault.always(FaultKind.HANG_AFTER, 0).times(1));
    try (Generation hung = server().start(Answers.chat("a"))) {
      assertThat(hung.next(Duration.ofMillis(300))).isEqualTo(new Piece.Silence());
      assertThat(server().probe(POOL).orElseThrow().code()).isEqualTo(FIRST_TOKEN_TIMEOUT);
      assertThat(server().unload(POOL, Duration.ofMillis(200)))
          .isInstanceOfSatisfying(
              Unloading.Stays.class,
              stays -> assertThat(stays.why().code()).isEqualTo(ENGINE_STUCK));
    }
    assertThat(server().unload(POOL, Duration.ofSeconds(10))).isEqualTo(new Unloading.Gone());
    assertThat(sim().stats().loads()).isEqualTo(1);
    assertThat(server().probe(POOL)).isEmpty();
    assertThat(sim().stats().loads()).isEqualTo(2);
    assertThat(sim().stats().open()).isZero();
  }

  @Test
  void a_model_that_is_stopping_for_ever_has_a_reason_of_its_own() {
    start(SimConfig.DEFAULT, Waits.SHORT.probe(Duration.ofMillis(300)));
    sim().faults(Fault.always(FaultKind.STUCK_AFTER, 0).times(1));
    try (Generation hung = server().start(Answers.chat("a"))) {
      assertThat(hung.next(Duration.ofMillis(300))).isEqualTo(new Piece.Silence());
    }
    assertThat(server().unload(POOL, Duration.ofMillis(300)))
        .isInstanceOfSatisfying(
            Unloading.Stays.class, stays -> assertThat(stays.why().code()).isEqualTo(ENGINE_STUCK));
    assertThat(server().probe(POOL).orElseThrow().code()).isEqualTo(ENGINE_STUCK);
    sim().faults();
    sim().restart();
    assertThat(server().unload(POOL, Duration.ofSeconds(10))).isEqualTo(new Unloading.Gone());
    assertThat(server().probe(POOL)).isEmpty();
  }

  @Test
  void an_answer_says_where_its_time_went() {
    Piece.Done done = (Piece.Done) ask("a [[sim:prefill=2]]").last();
    Timings told = done.usage().timings().orElseThrow();
    assertThat(told.prompt().orElseThrow()).isGreaterThanOrEqualTo(Duration.ofMillis(2));
    assertThat(told.total().orElseThrow())
        .isGreaterThanOrEqualTo(told.prompt().orElseThrow().plus(told.completion().orElseThrow()));
  }

  @Test
  void a_model_is_described_with_what_is_installed_what_it_can_do_and_what_is_loaded() {
    ModelFacts installed = described();
    assertThat(installed.digest()).contains("5".repeat(64));
    assertThat(installed.bytes()).hasValue(9_276_198_565L);
    assertThat(installed.modifiedAt()).contains(Instant.parse("2026-08-21T18:48:22.123456789Z"));
    assertThat(installed.details()).contains("\"quantization_level\":\"Q4_K_M\"");
    assertThat(installed.capabilities()).containsExactly("completion", "thinking", "tools");
    assertThat(installed.contextTokens()).hasValue(40_960);
    assertThat(installed.info()).contains("\"general.architecture\":\"qwen3\"");
    assertThat(installed.loaded()).isEmpty();
    assertThat(server().probe(POOL)).isEmpty();
    ModelFacts.Loaded loaded = described().loaded().orElseThrow();
    assertThat(loaded.contextTokens()).hasValue(8192);
    assertThat(loaded.gpuBytes()).isEqualTo(loaded.bytes()).isPositive();
    assertThat(loaded.expiresAt()).isPresent();
    assertThat(server().describe(Set.of("nothing:1b"), Duration.ofSeconds(5))).isEmpty();
  }

  private ModelFacts described() {
    List<ModelFacts> all =
        server().describe(Set.of("qwen3:14b", "nothing:1b"), Duration.ofSeconds(5));
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  @Test
  void a_model_that_is_not_loaded_is_unloaded_at_once() {
    assertThat(server().unload(POOL, Duration.ofSeconds(10))).isEqualTo(new Unloading.Gone());
    sim().unreachable();
    assertThat(server().unload(POOL, Duration.ofSeconds(1)))
        .isInstanceOfSatisfying(
            Unloading.Stays.class,
            stays -> assertThat(stays.why().code()).isEqualTo(ENGINE_UNREACHABLE));
  }

  @Test
  void a_probe_notices_a_context_that_was_silently_clamped() {
    assertThat(server().probe(Pool.parse("qwen3:14b@64k")).orElseThrow().message())
        .isEqualTo(
            "The model server gives qwen3:14b 40960 tokens of context, not the 65536 of its pool.");
  }

  @ParameterizedTest
  @CsvSource({"8192, true", "4096, false", "16384, false", "0, true"})
  void a_context_is_neither_smaller_nor_larger_than_what_was_asked_for(int got, boolean right) {
    LoadedModel model = new LoadedModel("qwen3:14b", 1, 1, got);
    assertThat(model.misplaced(8192, GpuRule.WHOLE).isEmpty()).isEqualTo(right);
  }

  @Test
  void pools_of_one_model_share_their_largest_context_and_never_load_it_anew() {
    Pool large = Pool.parse("qwen3:14b@16k");
    EngineSim started = simulate(SimConfig.DEFAULT);
    start(
        started,
        new OllamaModelServer(
            started.uri(), OllamaSettings.DEFAULT, ClientTls.DEFAULT, List.of(POOL, large)));
    assertThat(server().probe(POOL)).isEmpty();
    assertThat(server().probe(large)).isEmpty();
    assertThat(((OllamaModelServer) server()).loaded(Duration.ofSeconds(20)))
        .singleElement()
        .satisfies(model -> assertThat(model.contextTokens()).isEqualTo(16_384));
    assertThat(ask("a").last()).isInstanceOf(Piece.Done.class);
    assertThat(sim().stats().loads()).isEqualTo(1);
  }

  @Test
  void a_model_that_fits_its_gpu_is_ready() {
    start(SimConfig.DEFAULT.memory(SimMemory.of(24 * GIB)), Waits.SHORT);
    assertThat(server().probe(POOL)).isEmpty();
    assertThat(((OllamaModelServer) server()).loaded(Duration.ofSeconds(20)))
        .singleElement()
        .satisfies(model -> assertThat(model.gpuBytes()).isEqualTo(model.bytes()).isPositive());
  }

  @ParameterizedTest
  @EnumSource
  void a_model_that_spilled_to_the_cpu_is_not_ready_unless_that_is_allowed(GpuRule rule) {
    start(SimConfig.DEFAULT.memory(SimMemory.of(14 * GIB)), rule);
    Optional<Failure> why = server().probe(POOL);
    if (rule == GpuRule.ANYTHING) {
      assertThat(why).isEmpty();
    } else {
      assertThat(why.orElseThrow())
          .isEqualTo(
              new Failure(
                  ENGINE_MISPLACED,
                  "The model server keeps 1.35 GiB of the 13.53 GiB of qwen3:14b outside the GPU;"
                      + " sluice plan says what fits."));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_model_that_is_all_on_the_cpu_is_ready_unless_there_is_a_gpu(GpuRule rule) {
    start(SimConfig.DEFAULT.memory(SimMemory.NO_GPU), rule);
    assertThat(server().probe(POOL).map(Failure::message))
        .isEqualTo(
            rule == GpuRule.WHOLE
                ? Optional.of(
                    "The model server keeps all 13.53 GiB of qwen3:14b outside the GPU; sluice plan"
                        + " says what fits.")
                : Optional.empty());
  }

  @Test
  void a_model_that_does_not_fit_and_cannot_spill_is_out_of_memory() {
    start(SimConfig.DEFAULT.memory(SimMemory.of(14 * GIB).failing()), Waits.SHORT);
    assertThat(server().probe(POOL).orElseThrow().code()).isEqualTo(ENGINE_OUT_OF_MEMORY);
  }
}
