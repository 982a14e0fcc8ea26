package io.sluice.gateway;

import static io.sluice.gateway.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.gateway.TestGateway.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputTest {
  private static final TestGateway SLUICE = new TestGateway();

  @AfterAll
  static void close() {
    SLUICE.close();
  }

  @AfterEach
  void nothing_reached_the_queue() {
    assertThat(SLUICE.queue.size()).isZero();
    assertThat(SLUICE.store.all()).isEmpty();
  }

  @Test
  void malformed_json_is_refused_with_its_place() {
    Answer answer = SLUICE.post("{\"model\":\n  oops}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("malformed_json");
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.json().path("line").asInt()).isEqualTo(2);
    assertThat(answer.json().path("column").asInt()).isPositive();
    assertThat(answer.json().path("type").asText()).isEqualTo("urn:sluice:problem:malformed_json");
    assertThat(answer.json().path("status").asInt()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{}{}",
        "{\"model\":\"a\",\"model\":\"b\"}",
        "{\"model\":NaN}",
        "{\"seed\":1E56789012345678901234567890}",
        "{\"seed\":1e-99999999999}",
        "nul",
        "{\"a\":\"\u0001\"}"
      })
  void whatever_is_not_json_is_400(String body) {
    assertThat(SLUICE.post(body).code()).isEqualTo("malformed_json");
  }

  @Test
  void what_is_nested_too_deep_or_has_too_long_a_number_is_400() {
    assertThat(SLUICE.post("[".repeat(2_000)).status()).isEqualTo(400);
    assertThat(SLUICE.post("{\"seed\":" + "1".repeat(1_001) + "}").status()).isEqualTo(400);
  }

  @Test
  void more_names_or_values_than_any_job_has_are_400() {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < 150_000; i++) {
      names.append(",\"n").append(i).append("\":\"\"");
    }
    String many = chat("hi").replaceFirst("}$", names + "}");
    assertThat(SLUICE.post(many).json().path("detail").asText()).contains("200,000 parts");
  }

  @Test
  void a_schema_for_the_answer_is_bounded() {
    String schema =
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"session\":\"\",\"format\":{\"const\":\"%s\"}}";
    assertThat(pointers(SLUICE.post(schema.formatted("x".repeat(60_000)))))
        .containsExactly("/session");
    assertThat(pointers(SLUICE.post(schema.formatted("x".repeat(70_000)))))
        .containsExactlyInAnyOrder("/format", "/session");
  }

  @Test
  void what_is_not_json_is_not_repeated_to_whoever_sent_it() {
    String secret = "{\"model\":hunter2}";
    assertThat(SLUICE.post(secret).body()).doesNotContain("hunter").contains("Line 1, column");
    Answer twice = SLUICE.post("{\"hunter2\":1,\"hunter2\":2}");
    assertThat(twice.json().path("detail").asText())
        .contains("comes twice")
        .doesNotContain("hunter");
  }

  @ParameterizedTest
  @MethodSource("notUtf8")
  void what_is_not_strict_utf8_is_400(byte[] body) {
    assertThat(SLUICE.postBytes(body).code()).isEqualTo("malformed_json");
  }

  static Stream<byte[]> notUtf8() {
    byte[] good = chat("#").getBytes(StandardCharsets.ISO_8859_1);
    String text = new String(good, StandardCharsets.ISO_8859_1);
    return Stream.concat(
        Stream.of(
                "\u00ff",
                "\u00c0\u00af",
                "\u00ed\u00a0\u0080",
                "\u00f5\u0080\u0080\u0080",
                "\u00e2\u0082")
            .map(bytes -> text.replace("#", bytes).getBytes(StandardCharsets.ISO_8859_1)),
        Stream.of(
            text.getBytes(StandardCharsets.UTF_16BE), text.getBytes(StandardCharsets.UTF_16LE)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model\":\"qwen3:14b\",\"prompt\":\"a \\ud800 b\"}|/prompt",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"a \\udc00\\ud800\"}|/prompt",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"metadata\":{\"a\":\"\\udfff\"}}|/metadata/a",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"format\":{\"maximum\":1e999999999}}|/format/maximum",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"format\":{\"a\":[1e-400]}}|/format/a/0",
      })
  void what_other_readers_would_read_differently_is_422(String body, String pointer) {
    Answer answer = SLUICE.post(body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(422);
    assertThat(pointers(answer)).containsExactly(pointer);
  }

  @Test
  void long_names_are_400_and_not_repeated() {
    assertThat(SLUICE.post("{\"" + "n".repeat(257) + "\":1}").code()).isEqualTo("malformed_json");
    assertThat(SLUICE.post("{\"" + "n".repeat(200) + "\":1}").body())
        .doesNotContain("n".repeat(65));
  }

  @Test
  void every_problem_is_told_at_once_by_json_pointer() {
    Answer answer =
        SLUICE.post(
            "{\"messages\":[{\"role\":\"king\",\"content\":7},{\"content\":\"x\",\"a/b~c\":1}],"
                + "\"options\":{\"num_ctx\":4096,\"num_predict\":5,\"warmth\":1,"
                + "\"temperature\":\"hot\",\"top_p\":1e999999999},"
                + "\"class\":\"urgent\",\"queue_timeout\":\"8d\",\"timeout\":\"2h\","
                + "\"think\":\"hard\",\"metadata\":{\"a\":1},\"max_output_tokens\":0,"
                + "\"stream\":true,\"tools\":[{\"type\":\"function\",\"function\":{}}]}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.code()).isEqualTo("invalid_request");
    assertThat(pointers(answer))
        .containsExactlyInAnyOrder(
            "/model",
            "/messages/0/role",
            "/messages/0/content",
            "/messages/1/role",
            "/messages/1/a~1b~0c",
            "/options/num_ctx",
            "/options/num_predict",
            "/options/warmth",
            "/options/temperature",
            "/options/top_p",
            "/class",
            "/queue_timeout",
            "/timeout",
            "/think",
            "/metadata/a",
            "/max_output_tokens",
            "/stream",
            "/tools/0/function/name");
  }

  private static List<String> pointers(Answer answer) {
    List<String> pointers = new ArrayList<>();
    for (JsonNode error : answer.json().path("errors")) {
      pointers.add(error.path("pointer").asText());
      assertThat(error.path("detail").asText()).endsWith(".");
    }
    return pointers;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|''",
        "7|''",
        "{\"model\":\"qwen3:14b\"}|/kind",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"messages\":[]}|/kind",
        "{\"model\":\"qwen3:14b\",\"input\":\"\"}|/input",
        "{\"model\":\"qwen3:14b\",\"input\":7}|/input",
        "{\"model\":\"qwen3:14b\",\"input\":[]}|/input",
        "{\"model\":\"qwen3:14b\",\"input\":[\"a\",\"\"]}|/input/1",
        "{\"model\":\"qwen3:14b\",\"input\":[\"a\",[1,2]]}|/input/1",
        "{\"model\":\"qwen3:14b\",\"input\":\"x\",\"prompt\":\"x\"}|/kind",
        "{\"model\":\"qwen3:14b\",\"kind\":\"embed\"}|/input",
        "{\"model\":\"qwen3:14b\",\"kind\":\"embed\",\"input\":\"x\",\"prompt\":\"x\"}|/prompt",
        "{\"model\":\"qwen3:14b\",\"input\":\"x\",\"dimensions\":0}|/dimensions",
        "{\"model\":\"qwen3:14b\",\"input\":\"x\",\"truncate\":\"yes\"}|/truncate",
        "{\"model\":\"qwen3:14b\",\"input\":\"x\",\"options\":{}}|/options",
        "{\"model\":\"qwen3:14b\",\"input\":\"x\",\"max_output_tokens\":9}|/max_output_tokens",
        "{\"model\":\"qwen3:14b\",\"kind\":\"chat\"}|/messages",
        "{\"model\":\"qwen3:14b\",\"messages\":[]}|/messages",
        "{\"model\":\"qwen3:14b\",\"messages\":{}}|/messages",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"\"}|/prompt",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"raw\":true}|/raw",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"keep_alive\":0}|/keep_alive",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"tools\":[]}|/tools",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"format\":\"xml\"}|/format",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"options\":[]}|/options",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"options\":{\"stop\":\"x\"}}|/options/stop",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"options\":{\"seed\":1.5}}|/options/seed",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"session\":\"\"}|/session",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"metadata\":{\"\":\"x\"}}|/metadata/",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"timeout\":90}|/timeout",
        "{\"model\":7,\"prompt\":\"x\"}|/model",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"logprobs\":1}|/logprobs",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"top_logprobs\":1}|/top_logprobs",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"logprobs\":true,\"top_logprobs\":21}|/top_logprobs",
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"logprobs\":true,\"top_logprobs\":-1}|/top_logprobs",
      })
  void one_wrong_field_is_named(String body, String pointer) {
    Answer answer = SLUICE.post(body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(422);
    assertThat(pointers(answer)).containsExactly(pointer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama3", "qwen3", "qwen3:14b@40k", "../x", "evil.example/x:latest"})
  void an_unknown_model_is_404_and_not_echoed(String model) {
    Answer answer = SLUICE.post(chat("hi").replace("qwen3:14b", model));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.code()).isEqualTo("model_not_found");
    assertThat(answer.body()).doesNotContain(model + "\"");
  }

  @Test
  void other_types_and_encodings_are_415() {
    assertThat(SLUICE.post(chat("hi"), "Content-Type", "text/plain").status()).isEqualTo(415);
    assertThat(SLUICE.post(chat("hi"), "Content-Type", "").status()).isEqualTo(415);
    assertThat(SLUICE.post(chat("hi"), "Content-Type", "application/json; charset=latin1").status())
        .isEqualTo(415);
    for (String encoding :
        List.of("gzip", "br", "deflate", "zstd", "gzip, gzip", "identity, gzip")) {
      assertThat(SLUICE.post(chat("hi"), "Content-Encoding", encoding).status()).isEqualTo(415);
    }
  }

  @Test
  void a_body_over_8_mib_is_413_and_ends_the_connection() {
    Answer answer = SLUICE.post(chat("x".repeat(8 * 1024 * 1024)));
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.header("Connection")).isEqualTo("close");
  }

  @Test
  void a_prompt_over_the_absolute_cap_is_refused_however_long_it_is() {
    Answer answer = SLUICE.post(chat("many words ".repeat(700_000)));
    assertThat(answer.code()).isEqualTo("context_length_exceeded");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Idempotency-Key", "X-Session-Id"})
  void headers_that_are_too_long_are_400(String name) {
    assertThat(SLUICE.post(chat("hi"), name, "x".repeat(256)).code())
        .isEqualTo("malformed_request");
  }

  @Test
  void what_is_not_there_is_404_and_a_wrong_method_405() {
    assertThat(SLUICE.get("/v2/jobs").code()).isEqualTo("route_not_found");
    Answer answer = SLUICE.send("PUT", "/v1/jobs", "");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo("GET, HEAD, POST");
  }

  @Test
  void a_bug_is_500_without_its_details() {
    SLUICE.store.broken = true;
    Answer answer = SLUICE.send("GET", "/v1/jobs", "");
    SLUICE.store.broken = false;
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.code()).isEqualTo("internal_error");
    assertThat(answer.body()).doesNotContain("secret").contains("under ");
  }
}
