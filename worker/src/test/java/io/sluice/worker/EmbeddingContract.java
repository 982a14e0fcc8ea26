package io.sluice.worker;

import static io.sluice.FailureCode.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Embedding;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobKind;
import io.sluice.Pool;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.Fault;
import io.sluice.enginesim.FaultKind;
import io.sluice.enginesim.SimConfig;
import io.sluice.enginesim.SimModel;
import io.sluice.enginesim.SimVectors;
import io.sluice.worker.Generation.Piece;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every model server must do with an embed job. */
public abstract class EmbeddingContract {
  protected static final Pool POOL = Pool.parse("qwen3-embedding:0.6b");
  private static final SimConfig CONFIG =
      SimConfig.DEFAULT.models(SimModel.named("qwen3:14b"), SimModel.named(POOL.model()));

  private EngineSim sim;
  private ModelServer server;

  /** A simulated server of the kind in question. */
  protected abstract EngineSim simulate(SimConfig config);

  /** The client under test. */
  protected abstract ModelServer connect(URI uri, Duration probe);

  @BeforeEach
  void start() {
    start(Duration.ofMinutes(2));
  }

  private void start(Duration probe) {
    sim = simulate(CONFIG);
    server = connect(sim.uri(), probe);
  }

  @AfterEach
  void stop() {
    server.close();
    sim.close();
  }

  protected final EngineSim sim() {
    return sim;
  }

  protected final ModelServer server() {
    return server;
  }

  protected static Job embed(String... inputs) {
    return embed(Json.object(), inputs);
  }

  protected static Job embed(ObjectNode more, String... inputs) {
    ObjectNode request = more.deepCopy();
    List.of(inputs).forEach(request.withArray("input")::add);
    return Answers.job(POOL, JobKind.EMBED, Json.write(request), 0);
  }

  protected final Answers ask(Job job) {
    return Answers.of(server.start(job));
  }

  private static List<Embedding> vectors(Answers answer) {
    assertThat(answer.pieces().getFirst()).isInstanceOf(Piece.Vectors.class);
    return ((Piece.Vectors) answer.pieces().getFirst()).vectors();
  }

  private static void assertCost(Answers answer, int promptTokens) {
    assertThat(answer.last())
        .isInstanceOfSatisfying(
            Piece.Done.class,
            done -> {
              assertThat(done.lengthReached()).isFalse();
              assertThat(done.usage().promptTokens()).isEqualTo(promptTokens);
              assertThat(done.usage().completionTokens()).isZero();
            });
  }

  @Test
  void each_input_gives_its_own_vector_in_their_order_and_what_they_cost() {
    Answers answer = ask(embed("a red door", "Ein Haus 家", "a red door"));
    assertThat(vectors(answer))
        .containsExactly(
            new Embedding(SimVectors.of("a red door")),
            new Embedding(SimVectors.of("Ein Haus 家")),
            new Embedding(SimVectors.of("a red door")));
    assertCost(answer, 15);
    assertThat(answer.pieces()).hasSize(2);
  }

  @Test
  void one_text_need_not_be_a_list() {
    Job job = Answers.job(POOL, JobKind.EMBED, "{\"input\":\"a red door\"}", 0);
    assertThat(vectors(ask(job))).containsExactly(new Embedding(SimVectors.of("a red door")));
  }

  @Test
  void fewer_dimensions_are_made_where_they_are_asked_for() {
    Answers answer = ask(embed(Json.object().put("dimensions", 64), "a red door"));
    assertThat(vectors(answer)).containsExactly(new Embedding(SimVectors.of("a red door", 64)));
  }

  @Test
  void more_dimensions_than_the_model_has_are_a_refusal_and_no_other_vector() {
    assertThat(ask(embed(Json.object().put("dimensions", 4096), "a")).last())
        .isInstanceOfSatisfying(
            Piece.Failed.class,
            failed -> {
              assertThat(failed.why().code()).isEqualTo(INVALID_REQUEST);
              assertThat(failed.why().message())
                  .isEqualTo("The model makes vectors of 1,024 numbers, not of 4,096.");
            });
  }

  @Test
  void an_input_beyond_the_context_is_an_honest_refusal_unless_it_may_be_cut() {
    String tooLong = "word ".repeat(9000);
    assertThat(ask(embed("short", tooLong)).failure()).isEqualTo(CONTEXT_LENGTH_EXCEEDED);
    Answers cut = ask(embed(Json.object().put("truncate", true), tooLong));
    assertCost(cut, 8192);
  }

  @Test
  void a_model_that_only_generates_refuses_and_is_not_asked_again() {
    assertThat(server.probe(ModelServerContract.POOL)).isEmpty();
    long loads = sim.stats().loads();
    Job job = Answers.job(ModelServerContract.POOL, JobKind.EMBED, "{\"input\":\"a\"}", 0);
    Answers answer = ask(job);
    assertThat(answer.failure()).isEqualTo(INVALID_REQUEST);
    assertThat(answer.failure().retryable()).isFalse();
    assertThat(((Piece.Failed) answer.last()).why().message())
        .isEqualTo("The model makes no embeddings.");
    assertThat(sim.stats().loads()).isEqualTo(loads);
  }

  @Test
  void a_model_that_only_embeds_is_ready_and_refuses_to_chat() {
    assertThat(server.probe(POOL)).isEmpty();
    Job chat = Answers.chat("a");
    Job there = Answers.job(POOL, JobKind.CHAT, chat.request(), 5);
    assertThat(ask(there).failure()).isEqualTo(INVALID_REQUEST);
    assertThat(vectors(ask(embed("a")))).hasSize(1);
  }

  @Test
  void a_probe_notices_a_server_that_makes_no_vector() {
    stop();
    start(Duration.ofMillis(300));
    sim.faults(Fault.always(FaultKind.STALL_FIRST, 0));
    assertThat(server.probe(POOL)).isPresent();
    sim.faults();
    assertThat(server.probe(POOL)).isEmpty();
  }

  @Test
  void what_asks_nothing_is_never_sent() {
    for (String request : List.of("{}", "{\"input\":\"\"}", "{\"input\":[]}", "[]", "not json")) {
      assertThat(ask(Answers.job(POOL, JobKind.EMBED, request, 0)).failure())
          .isEqualTo(INVALID_REQUEST);
    }
    assertThat(sim.stats().requests() + sim.stats().loads()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "[[sim:eof_after=0]],     ENGINE_ENDED_EARLY",
    "[[sim:garbage_after=0]], ENGINE_PROTOCOL",
    "[[sim:reset_after=0]],   ENGINE_CRASHED",
    "[[sim:error_after=0]],   ENGINE_CRASHED",
    "[[sim:error=oom]],       ENGINE_OUT_OF_MEMORY",
    "[[sim:status=busy]],     ENGINE_BUSY",
    "[[sim:status=loading]],  ENGINE_LOADING",
    "[[sim:status=other]],    ENGINE_ERROR",
    "[[sim:content_type]],    ENGINE_PROTOCOL",
    "[[sim:drop]],            ENGINE_UNREACHABLE",
  })
  void every_way_to_break_has_its_failure_and_no_vector(String marker, FailureCode code) {
    Answers answer = ask(embed("first", "second " + marker));
    assertThat(answer.failure()).isEqualTo(code);
    assertThat(answer.pieces()).hasSize(1);
    await().until(() -> sim.stats().running() == 0);
  }

  @Test
  void what_the_server_did_not_count_is_charged_as_it_was_counted_before() {
    assertCost(ask(embed("a [[sim:empty_metrics]]")), 7);
  }

  @Test
  void closing_cancels_what_runs_and_wakes_the_reader() throws Exception {
    Generation generation = server.start(embed("[[sim:stall_first=0]]"));
    await().until(() -> sim.stats().running() == 1);
    CompletableFuture<Piece> waiting =
        CompletableFuture.supplyAsync(() -> generation.next(Duration.ofMinutes(1)));
    generation.close();
    assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(new Piece.Closed());
    await().until(() -> sim.stats().running() == 0 && sim.stats().cancelled() == 1);
  }

  @Test
  void a_thousand_vectors_pass_and_more_numbers_than_are_kept_do_not() {
    assertThat(vectors(ask(embed(texts(1024))))).hasSize(1024);
    Answers more = ask(embed(texts(1025)));
    assertThat(more.failure()).as("the client asked for too much").isEqualTo(INVALID_REQUEST);
    assertThat(((Piece.Failed) more.last()).why().message()).contains("send fewer inputs");
  }

  @Test
  void a_model_that_was_proven_by_a_vector_is_described_as_one_that_makes_embeddings() {
    assertThat(server.probe(POOL)).isEmpty();
    Duration within = Duration.ofSeconds(5);
    assertThat(server.describe(Set.of(POOL.model()), within))
        .singleElement()
        .satisfies(facts -> assertThat(facts.capabilities()).containsExactly("embedding"));
    assertThat(server.describe(Set.of("qwen3:14b"), within))
        .singleElement()
        .satisfies(facts -> assertThat(facts.capabilities()).doesNotContain("embedding"));
  }

  private static String[] texts(int count) {
    return IntStream.range(0, count).mapToObj(n -> "text " + n).toArray(String[]::new);
  }
}
