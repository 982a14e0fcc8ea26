package io.sluice.worker.openai;

import static io.sluice.FailureCode.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureCode;
import io.sluice.Timings;
import io.sluice.Usage;
import io.sluice.worker.Answers;
import io.sluice.worker.Generation.Piece;
import io.sluice.worker.http.RawServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of a stream, as servers write them and as none should. */
class CompletionStreamTest {
  private static final String USAGE =
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}";
  private static final String DONE = "data: [DONE]";
  private static final Piece WHOLE = new Piece.Done(false, new Usage(3, 4));

  /** What comes out, up to a last piece; the end of the stream where there is none. */
  private static List<Piece> read(String... lines) {
    CompletionStream stream = new CompletionStream(11);
    List<Piece> all = new ArrayList<>();
    for (String line : lines) {
      all.addAll(stream.pieces(line));
      if (!all.isEmpty() && isLast(all.getLast())) {
        return all;
      }
    }
    all.addAll(stream.end());
    return all;
  }

  private static boolean isLast(Piece piece) {
    return piece instanceof Piece.Done || piece instanceof Piece.Failed;
  }

  private static FailureCode failure(String... lines) {
    return ((Piece.Failed) read(lines).getLast()).why().code();
  }

  private static String text(String content) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
        + content
        + "\"},\"finish_reason\":null}]}";
  }

  private static String finish(String reason) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}";
  }

  private static String calls(String parts) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":" + parts + "}}]}";
  }

  private static String joined(List<Piece> pieces, Class<? extends Piece> kind) {
    StringBuilder joined = new StringBuilder();
    for (Piece piece : pieces) {
      if (kind.isInstance(piece)) {
        joined.append(
            switch (piece) {
              case Piece.Text text -> text.text();
              case Piece.Thinking thinking -> thinking.text();
              default -> "";
            });
      }
    }
    return joined.toString();
  }

  @Test
  void llama_server_s_own_times_are_kept_the_last_ones_that_it_says() {
    String timed =
        finish("stop")
            .replace(
                "}]}",
                "}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4},"
                    + "\"timings\":{\"prompt_ms\":203.378,\"predicted_ms\":933.63}}");
    String early =
        text("hi").replace("}]}", "}],\"timings\":{\"prompt_ms\":203.378,\"predicted_ms\":1}}");
    Piece.Done done = (Piece.Done) read(early, timed, DONE).getLast();
    Timings told = done.usage().timings().orElseThrow();
    assertThat(told.prompt()).contains(Duration.ofNanos(203_378_000));
    assertThat(told.completion()).contains(Duration.ofNanos(933_630_000));
    assertThat(told.total()).contains(Duration.ofNanos(1_137_008_000));
    assertThat(told.load()).isEmpty();
  }

  @Test
  void probabilities_of_text_that_is_held_back_come_without_it() {
    String logprobs = "\"logprobs\":{\"content\":[{\"token\":\"<thi\",\"logprob\":-1}]}}]}";
    assertThat(read(text("<thi").replace("}]}", "," + logprobs), finish("stop"), DONE))
        .startsWith(
            new Piece.Text("", Optional.of("[{\"token\":\"<thi\",\"logprob\":-1}]")),
            new Piece.Text("<thi"));
  }

  @Test
  void a_finish_and_then_done_or_the_usage_is_a_success() {
    assertThat(read(text("hi"), finish("stop"), USAGE, DONE))
        .containsExactly(new Piece.Text("hi"), WHOLE);
    assertThat(read(text("hi"), finish("stop"), USAGE).getLast()).isEqualTo(WHOLE);
    assertThat(read(text("hi"), finish("length"), DONE).getLast())
        .isEqualTo(new Piece.Done(true, new Usage(11, 1)));
    String withUsage =
        finish("stop")
            .replace("}]}", "}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}");
    assertThat(read(text("hi"), withUsage, DONE).getLast()).isEqualTo(WHOLE);
  }

  @Test
  void anything_less_is_an_end_too_early() {
    assertThat(failure()).isEqualTo(ENGINE_ENDED_EARLY);
    assertThat(failure(text("hi"))).isEqualTo(ENGINE_ENDED_EARLY);
    assertThat(failure(text("hi"), DONE)).isEqualTo(ENGINE_ENDED_EARLY);
    assertThat(failure(text("hi"), USAGE, DONE)).isEqualTo(ENGINE_ENDED_EARLY);
    assertThat(failure(text("hi"), finish("stop"))).isEqualTo(ENGINE_ENDED_EARLY);
  }

  @Test
  void an_error_behind_the_finish_counts() {
    String error =
        "data: {\"error\":{\"message\":\"EngineCore encountered an issue\",\"code\":500}}";
    assertThat(failure(text("hi"), finish("stop"), error)).isEqualTo(ENGINE_CRASHED);
  }

  @Test
  void pings_names_and_blank_lines_say_nothing() {
    assertThat(
            read("", ": ping", ":", "event: x", "id: 7", "data:", text("a"), finish("stop"), USAGE))
        .containsExactly(new Piece.Text("a"), WHOLE);
    assertThat(read("data:{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}").getFirst())
        .isEqualTo(new Piece.Text("a"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data: {                              | ENGINE_PROTOCOL",
        "data: [1]                            | ENGINE_PROTOCOL",
        "data: {}                             | ENGINE_PROTOCOL",
        "data: {\"choices\":7}                | ENGINE_PROTOCOL",
        "{\"choices\":[]}                     | ENGINE_PROTOCOL",
        "<html>                               | ENGINE_PROTOCOL",
        "error: {\"code\":400,\"message\":\"the request exceeds the available context size\"} | CONTEXT_LENGTH_EXCEEDED",
        "error: what                          | ENGINE_PROTOCOL",
        "data: {\"error\":{\"message\":\"CUDA out of memory\"}} | ENGINE_OUT_OF_MEMORY",
        "data: {\"error\":\"x\"}              | ENGINE_ERROR",
        "data: {\"object\":\"error\",\"message\":\"x\",\"code\":400} | INVALID_REQUEST",
      })
  void what_is_not_the_protocol_is_a_failure(String line, FailureCode code) {
    assertThat(failure(text("a"), line.strip())).isEqualTo(code);
  }

  @Test
  void calls_are_put_together_by_index_and_by_id() {
    String both =
        calls(
            "[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":\"}},"
                + "{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"\"}}]");
    String rest =
        calls(
            "[{\"index\":0,\"id\":\"a\",\"function\":{\"arguments\":\"1}\"}},"
                + "{\"index\":1,\"function\":{\"arguments\":\"{\\\"y\\\":2}\"}}]");
    // Parsers that number every call 0 tell them apart by their ids (InternLM/lmdeploy issue 3412).
    String third = calls("[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"h\"}}]");
    assertThat(read(both, rest, third, finish("tool_calls"), USAGE))
        .filteredOn(Piece.ToolCall.class::isInstance)
        .containsExactly(
            new Piece.ToolCall(
                "{\"id\":\"a\",\"function\":{\"index\":0,\"name\":\"f\",\"arguments\":{\"x\":1}}}"),
            new Piece.ToolCall(
                "{\"id\":\"b\",\"function\":{\"index\":1,\"name\":\"g\",\"arguments\":{\"y\":2}}}"),
            new Piece.ToolCall(
                "{\"id\":\"c\",\"function\":{\"index\":2,\"name\":\"h\",\"arguments\":{}}}"));
  }

  @Test
  void every_part_of_a_call_is_a_sign_of_life() {
    assertThat(read(calls("[{\"index\":0,\"function\":{\"name\":\"f\"}}]")).getFirst())
        .isEqualTo(new Piece.Text(""));
  }

  @Test
  void a_call_that_is_not_whole_fails_unless_the_output_was_cut_off() {
    String half =
        calls("[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]");
    assertThat(failure(half, finish("tool_calls"), DONE)).isEqualTo(ENGINE_PROTOCOL);
    assertThat(read(half, finish("length"), USAGE))
        .containsExactly(new Piece.Text(""), new Piece.Done(true, new Usage(3, 4)));
  }

  @Test
  void calls_have_a_bound() {
    String part =
        calls(
            "[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\""
                + "x".repeat(300_000)
                + "\"}}]");
    assertThat(failure(part, part, part, part)).isEqualTo(OUTPUT_TOO_LARGE);
    StringBuilder many = new StringBuilder("[");
    for (int i = 0; i < 200; i++) {
      many.append(i == 0 ? "" : ",").append("{\"index\":" + i + ",\"function\":{\"name\":\"f\"}}");
    }
    assertThat(failure(calls(many + "]"))).isEqualTo(OUTPUT_TOO_LARGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 100})
  void tags_at_the_beginning_are_thoughts_however_they_are_cut(int size) {
    String whole = " <think>\\nhm </thin </think>\\n\\nyes <think>no</think>";
    List<String> lines = new ArrayList<>();
    String rest = whole.replace("\\n", "\n");
    for (int from = 0; from < rest.length(); from += size) {
      String part = rest.substring(from, Math.min(rest.length(), from + size));
      lines.add(text(part.replace("\n", "\\n")));
    }
    lines.add(finish("stop"));
    lines.add(USAGE);
    List<Piece> pieces = read(lines.toArray(String[]::new));
    assertThat(joined(pieces, Piece.Thinking.class)).isEqualTo("\nhm </thin ");
    assertThat(joined(pieces, Piece.Text.class)).isEqualTo("yes <think>no</think>");
    assertThat(pieces.getLast()).isEqualTo(WHOLE);
  }

  @Test
  void a_text_that_only_looks_like_a_thought_is_kept() {
    assertThat(joined(read(text("<thi"), text("rd>"), finish("stop"), USAGE), Piece.Text.class))
        .isEqualTo("<third>");
    assertThat(joined(read(text("<thin"), finish("stop"), USAGE), Piece.Text.class))
        .isEqualTo("<thin");
    assertThat(joined(read(text("<think>a"), finish("length"), USAGE), Piece.Thinking.class))
        .isEqualTo("a");
  }

  @Test
  void where_the_server_tells_thoughts_apart_tags_belong_to_the_answer() {
    String thought = "data: {\"choices\":[{\"delta\":{\"reasoning\":\"hm\",\"content\":null}}]}";
    assertThat(read(thought, text("<think>x"), finish("stop"), USAGE))
        .containsExactly(new Piece.Thinking("hm"), new Piece.Text("<think>x"), WHOLE);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void every_answer_ends_with_one_last_piece_whatever_its_bytes(long seed) throws Exception {
    Random random = new Random(seed);
    byte[] valid =
        ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                + String.join("\n\n", text("né 🙂"), finish("stop"), USAGE, DONE)
                + "\n\n")
            .getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 60; round++) {
      byte[] bytes = valid.clone();
      for (int i = 0; i < 1 + random.nextInt(5); i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      byte[] sent = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
      OpenAiSettings settings =
          OpenAiSettings.DEFAULT.grace(Duration.ofMillis(1), Duration.ofMillis(1));
      try (RawServer raw = RawServer.of(sent);
          OpenAiModelServer server = new OpenAiModelServer(raw.uri(), settings)) {
        assertThat(Answers.of(server.start(Answers.chat("a"))).last())
            .as("round %d", round)
            .isInstanceOfAny(Piece.Failed.class, Piece.Done.class);
      }
    }
  }
}
