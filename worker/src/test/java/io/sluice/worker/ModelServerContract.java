package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobKind;
import io.sluice.Pool;
import io.sluice.Unavailable;
import io.sluice.worker.Generation.Piece;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What every model server must do. A subclass brings one with the model {@code qwen3:14b}, which
 * obeys the markers of the simulator.
 */
public abstract class ModelServerContract {
  protected static final Pool POOL = Pool.parse("qwen3:14b");

  protected abstract ModelServer server();

  /** The text that the server must give for a prompt, as far as this many tokens. */
  protected abstract String expected(String prompt, int tokens);

  /** Makes the server unreachable until the test ends. */
  protected abstract void kill();

  /** How many generations hold a slot. */
  protected abstract int running();

  protected abstract long cancelled();

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
    kill();
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
}
