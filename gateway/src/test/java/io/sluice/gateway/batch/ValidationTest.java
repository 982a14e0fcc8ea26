package io.sluice.gateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.gateway.batch.LineIndex.Place;
import io.sluice.gateway.openai.OpenAi;
import io.sluice.gateway.problem.ProblemCode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ValidationTest {
  private static final String URL = "/v1/chat/completions";
  private static final int LINE_BYTES_MAX = 10_000;

  /** Serves every model but one. */
  private static void check(ObjectNode job) {
    if (job.path("model").asText().equals("nobody")) {
      throw ProblemCode.MODEL_NOT_FOUND.with("No such model is served.").refusal();
    }
  }

  private static Validation.Found read(byte[] file, int linesMax) {
    RequestReader requests =
        new RequestReader(URL, OpenAi.chat(), LINE_BYTES_MAX, ValidationTest::check);
    try (LineReader lines = new LineReader(new ByteArrayInputStream(file), LINE_BYTES_MAX)) {
      return new Validation(requests, linesMax, line -> true).read(lines);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> errors(String... lines) {
    return errors(String.join("\n", lines).getBytes(StandardCharsets.UTF_8), 100);
  }

  /** Each as {@code LINE CODE PARAM}. */
  private static List<String> errors(byte[] file, int linesMax) {
    JsonNode json = ((Validation.Found.Bad) read(file, linesMax)).errors().json();
    assertThat(json.path("object").asText()).isEqualTo("list");
    List<String> told = new ArrayList<>();
    for (JsonNode error : json.path("data")) {
      assertThat(error.path("message").asText()).isNotEmpty();
      assertThat(error.size()).isEqualTo(4);
      told.add(
          error.path("line").asText()
              + " "
              + error.path("code").asText()
              + " "
              + error.path("param").asText());
    }
    return told;
  }

  private static LineIndex index(String... lines) {
    byte[] file = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    return ((Validation.Found.Good) read(file, 100)).index();
  }

  private static String line(String customId, String model, String... messages) {
    String all =
        IntStream.range(0, messages.length)
            .mapToObj(
                i ->
                    "{\"role\":\""
                        + (i == 0 && messages.length > 1 ? "system" : "user")
                        + "\",\"content\":\""
                        + messages[i]
                        + "\"}")
            .collect(Collectors.joining(","));
    return "{\"custom_id\":\""
        + customId
        + "\",\"method\":\"POST\",\"url\":\""
        + URL
        + "\",\"body\":{\"model\":\""
        + model
        + "\",\"messages\":["
        + all
        + "]}}";
  }

  private static List<Integer> numbers(LineIndex index) {
    return index.places().stream().map(Place::number).toList();
  }

  @Test
  void good_lines_are_found_where_they_are() {
    String first = line("a", "m", "hi");
    LineIndex index = index(first, "", line("b", "m", "hö"));
    assertThat(index.model()).isEqualTo("m");
    assertThat(index.places())
        .containsExactly(
            new Place(0, 1, 0, first.length()),
            new Place(1, 3, first.length() + 2, line("b", "m", "hö").length() + 1));
    LineIndex again = LineIndex.parse(index.bytes());
    assertThat(again.places()).isEqualTo(index.places());
    assertThat(again.model()).isEqualTo("m");
  }

  @Test
  void every_problem_of_every_line_is_told() {
    assertThat(
            errors(
                "{\"custom_id\":",
                "[1]",
                "{}",
                "{\"custom_id\":5,\"method\":\"GET\",\"url\":\"/v1/x\",\"body\":[]}",
                line("twice", "m", "hi"),
                line("twice", "m", "hi"),
                line("stream", "m", "hi").replace("\"model\"", "\"stream\":true,\"model\""),
                line("none", "nobody", "hi"),
                line("two", "m", "hi")
                    .replace(
                        "\"model\"",
                        "\"temperature\":1,\"n\":\"x\",\"stream_options\":7,\"model\""),
                "{\"a\":1,\"a\":2}"))
        .containsExactly(
            "1 invalid_json_line null",
            "2 invalid_request null",
            "3 missing_required_parameter custom_id",
            "3 missing_required_parameter method",
            "3 missing_required_parameter url",
            "3 missing_required_parameter body",
            "4 invalid_request custom_id",
            "4 invalid_request method",
            "4 url_mismatch url",
            "4 invalid_request body",
            "6 duplicate_custom_id custom_id",
            "7 unsupported_value body.stream",
            "8 model_not_found body.model",
            "9 invalid_value body.n",
            "9 invalid_value body.stream_options",
            "10 invalid_json_line null");
  }

  @Test
  void a_name_counts_as_taken_though_its_line_is_wrong() {
    assertThat(errors(line("x", "nobody", "hi"), line("x", "m", "hi")))
        .containsExactly("1 model_not_found body.model", "2 duplicate_custom_id custom_id");
  }

  @Test
  void what_is_not_utf8_or_too_long_is_an_error_of_its_line() {
    byte[] file =
        (line("ä", "m", "hi") + "\n" + line("b", "m", "x".repeat(20_000)))
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(errors(file, 100))
        .containsExactly("1 invalid_json_line null", "2 line_too_long null");
  }

  @Test
  void an_empty_file_and_too_many_lines_are_errors_of_the_file() {
    assertThat(errors("", " ")).containsExactly("null empty_file null");
    String three = line("a", "m", "x") + "\n" + line("b", "m", "x") + "\n" + line("c", "m", "x");
    assertThat(errors(three.getBytes(StandardCharsets.UTF_8), 2))
        .containsExactly("null too_many_tasks null");
  }

  @Test
  void the_first_thousand_problems_are_told_and_how_many_more_there_are() {
    byte[] file = "nonsense\n".repeat(1_500).getBytes(StandardCharsets.UTF_8);
    JsonNode data = ((Validation.Found.Bad) read(file, 2_000)).errors().json().path("data");
    assertThat(data).hasSize(BatchErrors.TOLD_MAX + 1);
    assertThat(data.get(BatchErrors.TOLD_MAX).path("message").asText()).contains("500 more");
  }

  @Test
  void lines_of_one_model_whose_prompts_begin_alike_run_together() {
    String guide = "s".repeat(600);
    assertThat(
            numbers(
                index(
                    line("1", "m", guide + "A", "q1"),
                    line("2", "other", guide + "A", "q1"),
                    line("3", "m", "alone"),
                    line("4", "m", guide + "B", "q2"),
                    line("5", "m", guide + "A", "q3"),
                    line("6", "other", "alone"),
                    line("7", "m", "t".repeat(100) + "x"),
                    line("8", "m", "t".repeat(100) + "y"))))
        .containsExactly(1, 5, 4, 3, 7, 8, 2, 6);
  }

  @Test
  void where_nothing_is_alike_the_order_is_that_of_the_file() {
    String[] lines =
        IntStream.range(0, 50)
            .mapToObj(i -> line("c" + i, "m", "question " + i * 7 % 50))
            .toArray(String[]::new);
    assertThat(numbers(index(lines))).isEqualTo(IntStream.rangeClosed(1, 50).boxed().toList());
  }

  @Test
  void several_models_have_no_name_together() {
    assertThat(index(line("1", "m", "x"), line("2", "n", "x")).model()).isEmpty();
  }
}
