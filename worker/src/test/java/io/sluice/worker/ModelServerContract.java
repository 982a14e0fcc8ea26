package io.sluice.worker;

import static io.sluice.FailureCode.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobKind;
import io.sluice.Pool;
import io.sluice.Unavailable;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.Fault;
import io.sluice.enginesim.FaultKind;
import io.sluice.enginesim.SimConfig;
import io.sluice.enginesim.SimConfig.Timing;
import io.sluice.enginesim.SimText;
import io.sluice.worker.Generation.Piece;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every model server must do. A subclass brings one with the model {@code qwen3:14b}, which
 * obeys the markers of the simulator.
 */
public abstract class ModelServerContract {
  protected static final Pool POOL = Pool.parse("qwen3:14b");

  /** How long the client of a test waits: for its slot after a close, and for a probe's token. */
  public record Waits(Duration graceFlowing, Duration gracePrefill, Duration probe) {
    public static final Waits SHORT =
        new Waits(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMinutes(2));

    public Waits grace(Duration grace) {
      return new Waits(grace, grace, probe);
    }

    public Waits probe(Duration other) {
      return new Waits(graceFlowing, gracePrefill, other);
    }
  }

  private Optional<EngineSim> sim = Optional.empty();
  private Optional<ModelServer> server = Optional.empty();

  /** A simulated server of the kind in question. */
  protected abstract EngineSim simulate(SimConfig config);

  /** The client under test. */
  protected abstract ModelServer connect(URI uri, Waits waits);

  @BeforeEach
  void start() {
    start(SimConfig.DEFAULT, Waits.SHORT);
  }

  protected final void start(SimConfig config, Waits waits) {
    start(simulate(config), waits);
  }

  protected final void start(EngineSim started, Waits waits) {
    start(started, connect(started.uri(), waits));
  }

  /** Takes over a server and a client of it. */
  protected final void start(EngineSim started, ModelServer client) {
    stop();
    sim = Optional.of(started);
    server = Optional.of(client);
  }

  @AfterEach
  void stop() {
    server.ifPresent(ModelServer::close);
    sim.ifPresent(EngineSim::close);
  }

  protected final EngineSim sim() {
    return sim.orElseThrow();
  }

  protected final ModelServer server() {
    return server.orElseThrow();
  }

  protected final Answers ask(String prompt) {
    return Answers.of(server().start(Answers.chat(prompt)));
  }

  /** The text that the server must give for a prompt, as far as this many tokens. */
  protected static String expected(String prompt, int tokens) {
    return SimText.answer(prompt, SimConfig.DEFAULT.seed()).first(tokens);
  }

  private int running() {
    return sim().stats().running();
  }

  private long cancelled() {
    return sim().stats().cancelled();
  }

  @Test
  void a_chat_gives_its_text_in_pieces_and_ends_once_with_what_it_cost() {
    Answers answer = Answers.of(server().start(Answers.chat("What is a queue? [[sim:tokens=30]]")));
    assertThat(answer.text()).isEqualTo(expected("What is a queue? [[sim:tokens=30]]", 30));
    assertThat(answer.last()).isInstanceOf(Piece.Done.class);
    Piece.Done done = (Piece.Done) answer.last();
    assertThat(done.lengthReached()).isFalse();
    assertThat(done.usage().completionTokens()).isEqualTo(30);
    assertThat(done.usage().promptTokens()).isPositive();
  }

  @Test
  void a_generate_stops_at_its_output_limit_and_says_so() {
    Job job = Answers.job(JobKind.GENERATE, "{\"prompt\":\"Say a lot.\"}", 9);
    Answers answer = Answers.of(server().start(job));
    assertThat(answer.text()).isEqualTo(expected("Say a lot.", 9));
    assertThat(answer.last())
        .isInstanceOfSatisfying(
            Piece.Done.class, done -> assertThat(done.lengthReached()).isTrue());
  }

  @Test
  void silence_is_reported_and_the_generation_goes_on() {
    try (Generation generation = server().start(Answers.chat("[[sim:stall_first=200]]"))) {
      assertThat(generation.next(Duration.ofMillis(1))).isEqualTo(new Piece.Silence());
      assertThat(Answers.of(generation).last()).isInstanceOf(Piece.Done.class);
    }
  }

  @Test
  void closing_before_the_first_byte_cancels_and_wakes_the_reader() throws Exception {
    Generation generation = server().start(Answers.chat("[[sim:stall_first=0]]"));
    await().until(() -> running() == 1);
    CompletableFuture<Piece> waiting =
        CompletableFuture.supplyAsync(() -> generation.next(Duration.ofMinutes(1)));
    generation.close();
    generation.close();
    assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(new Piece.Closed());
    assertThat(generation.next(Duration.ZERO)).isEqualTo(new Piece.Closed());
    await().until(() -> running() == 0 && cancelled() == 1);
  }

  @Test
  void closing_in_the_middle_cancels_what_runs() {
    Generation generation = server().start(Answers.chat("[[sim:endless]] [[sim:delay=5]]"));
    assertThat(generation.next(Duration.ofSeconds(10))).isInstanceOf(Piece.Text.class);
    generation.close();
    await().until(() -> running() == 0 && cancelled() == 1);
  }

  @Test
  void a_server_that_is_away_is_a_value_and_not_an_exception() {
    sim().unreachable();
    assertThat(Answers.of(server().start(Answers.chat("a"))).failure())
        .isEqualTo(FailureCode.ENGINE_UNREACHABLE);
    assertThat(server().probe(POOL).orElseThrow().code()).isEqualTo(FailureCode.ENGINE_UNREACHABLE);
    assertThatThrownBy(() -> server().models(Duration.ofSeconds(5)))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void a_model_that_is_there_is_listed_and_ready() {
    assertThat(server().models(Duration.ofSeconds(5))).contains("qwen3:14b");
    assertThat(server().probe(POOL)).isEqualTo(Optional.empty());
  }

  @Test
  void a_model_that_is_not_there_is_missing() {
    assertThat(server().probe(Pool.parse("nothing:1b")).orElseThrow().code())
        .isEqualTo(FailureCode.ENGINE_MODEL_MISSING);
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

  @Test
  void characters_that_are_cut_in_two_arrive_whole() {
    String prompt = "日本語 🙂 [[sim:cut]] [[sim:tokens=120]]";
    assertThat(ask(prompt).text()).isEqualTo(expected(prompt, 120)).contains("日本語", "川");
  }

  @Test
  void thinking_is_off_unless_asked_for_and_comes_apart_from_the_text() {
    assertThat(ask("a").pieces()).noneMatch(Piece.Thinking.class::isInstance);
    String request = "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"think\":true}";
    Answers answer = Answers.of(server().start(Answers.job(JobKind.CHAT, request, 20)));
    assertThat(answer.pieces().getFirst()).isInstanceOf(Piece.Thinking.class);
    assertThat(answer.text()).isEqualTo(expected("a", 12));
  }

  @Test
  void a_tool_call_comes_whole() {
    String request =
        """
        {"messages":[{"role":"user","content":"weather?"}],"tools":[{"type":"function",
        "function":{"name":"weather","parameters":{"type":"object",
        "properties":{"city":{"type":"string"}}}}}]}""";
    Answers answer = Answers.of(server().start(Answers.job(JobKind.CHAT, request, 50)));
    assertThat(answer.pieces().stream().filter(Piece.ToolCall.class::isInstance).findFirst())
        .containsInstanceOf(Piece.ToolCall.class)
        .get()
        .isInstanceOfSatisfying(
            Piece.ToolCall.class,
            call ->
                assertThat(call.json()).contains("\"name\":\"weather\"", "\"city\":\"simulated\""));
  }

  @ParameterizedTest
  @CsvSource({"CHAT, false", "GENERATE, false", "CHAT, true"})
  void probabilities_come_with_their_tokens_where_they_are_asked_for(JobKind kind, boolean think) {
    ObjectNode request = Json.object().put("logprobs", true).put("top_logprobs", 2);
    request.put("think", think);
    if (kind == JobKind.CHAT) {
      request.putArray("messages").addObject().put("role", "user").put("content", "a 🙂");
    } else {
      request.put("prompt", "a 🙂");
    }
    Answers answer = Answers.of(server().start(Answers.job(kind, Json.write(request), 20)));
    StringBuilder told = new StringBuilder();
    for (Piece piece : answer.pieces()) {
      assertThat(logprobs(piece).isPresent()).isEqualTo(!(piece instanceof Piece.Done));
      for (JsonNode one : Json.parse(logprobs(piece).orElse("[]"))) {
        told.append(one.path("token").asText());
        assertThat(one.path("logprob").asDouble()).isNegative();
        assertThat(one.path("bytes")).hasSize(one.path("token").asText().getBytes(UTF_8).length);
        assertThat(one.path("top_logprobs")).hasSize(2);
      }
    }
    assertThat(answer.text()).isEqualTo(expected("a 🙂", think ? 12 : 20));
    assertThat(told.toString()).isEqualTo(answer.thinking() + answer.text()).isNotEmpty();
    assertThat(ask("a").pieces()).allMatch(piece -> logprobs(piece).isEmpty());
  }

  private static Optional<String> logprobs(Piece piece) {
    return switch (piece) {
      case Piece.Text text -> text.logprobs();
      case Piece.Thinking thinking -> thinking.logprobs();
      default -> Optional.empty();
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"json\"",
        "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}},\"required\":[\"n\"]}"
      })
  void an_answer_has_the_format_that_was_asked_for(String format) {
    String chat =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"format\":" + format + "}";
    JsonNode answer = answered(JobKind.CHAT, chat);
    assertThat(answer.isObject()).isTrue();
    assertThat(answer.has("n")).isEqualTo(format.startsWith("{"));
    assertThat(answered(JobKind.GENERATE, "{\"prompt\":\"a\",\"format\":" + format + "}"))
        .isEqualTo(answer);
  }

  private JsonNode answered(JobKind kind, String request) {
    return Json.parse(Answers.of(server().start(Answers.job(kind, request, 200))).text());
  }

  @Test
  void a_prompt_beyond_the_context_is_an_honest_refusal() {
    assertThat(ask("word ".repeat(9000)).failure()).isEqualTo(CONTEXT_LENGTH_EXCEEDED);
  }

  @Test
  void what_asks_nothing_is_never_sent() {
    for (String request : List.of("{}", "{\"messages\":[]}", "[]", "not json")) {
      assertThat(Answers.of(server().start(Answers.job(JobKind.CHAT, request, 5))).failure())
          .isEqualTo(INVALID_REQUEST);
    }
    Job empty = Answers.job(JobKind.GENERATE, "{\"prompt\":\"\"}", 5);
    assertThat(Answers.of(server().start(empty)).failure()).isEqualTo(INVALID_REQUEST);
    assertThat(sim().stats().requests() + sim().stats().loads()).isZero();
  }

  @Test
  void the_grace_of_a_close_covers_the_time_until_the_slot_is_free() {
    start(
        SimConfig.DEFAULT.slots(1).timing(Timing.NONE.release(Duration.ofMillis(200))),
        Waits.SHORT.grace(Duration.ofSeconds(1)));
    for (int i = 0; i < 3; i++) {
      Generation generation = server().start(Answers.chat("[[sim:endless]] [[sim:delay=2]]"));
      assertThat(generation.next(Duration.ofSeconds(10))).isInstanceOf(Piece.Text.class);
      generation.close();
    }
    assertThat(sim().stats().openMax()).isEqualTo(1);
    assertThat(sim().stats().cancelled()).isEqualTo(3);
  }

  @Test
  void a_slow_reader_holds_the_engine_back_and_loses_nothing() {
    String prompt = "[[sim:tokens=20000]]";
    Job job = Answers.job(JobKind.GENERATE, "{\"prompt\":\"" + prompt + "\"}", 5000);
    Generation generation = server().start(job);
    await().until(() -> running() <= 1 && sim().stats().requests() == 1);
    assertThat(Answers.of(generation).text()).isEqualTo(expected(prompt, 5000));
  }

  @Test
  void sequential_jobs_never_meet_in_a_slot() {
    start(SimConfig.DEFAULT.slots(1), Waits.SHORT);
    List<FailureCode> failures = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Answers answer = ask("n" + i + (i % 3 == 0 ? " [[sim:eof_after=2]]" : ""));
      if (i % 3 == 0) {
        failures.add(answer.failure());
      }
    }
    assertThat(failures).hasSize(67).containsOnly(ENGINE_ENDED_EARLY);
    assertThat(sim().stats().openMax()).isEqualTo(1);
  }

  @Test
  void a_probe_notices_a_server_that_is_green_and_generates_nothing() {
    start(SimConfig.DEFAULT, Waits.SHORT.probe(Duration.ofMillis(300)));
    sim().faults(Fault.always(FaultKind.STALL_FIRST, 0));
    assertThat(server().probe(POOL).orElseThrow().code()).isEqualTo(FIRST_TOKEN_TIMEOUT);
    sim().faults(Fault.always(FaultKind.EOF_AFTER, 0));
    assertThat(server().probe(POOL).orElseThrow().code()).isEqualTo(ENGINE_ENDED_EARLY);
  }
}
