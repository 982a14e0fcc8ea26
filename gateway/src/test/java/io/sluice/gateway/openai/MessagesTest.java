package io.sluice.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import io.sluice.gateway.problem.OpenAiError;
import io.sluice.gateway.problem.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesTest {
  @Test
  void a_conversation_with_tools_keeps_its_calls_and_their_answers() {
    assertThat(
            messages(
                "{\"role\":\"developer\",\"content\":\"be brief\"},"
                    + "{\"role\":\"user\",\"name\":\"ann\",\"content\":\"weather?\"},"
                    + "{\"role\":\"assistant\",\"content\":null,\"refusal\":null,\"annotations\":[],"
                    + "\"reasoning_content\":\"hm\",\"reasoning\":\"hm\",\"tool_calls\":[{\"id\":\"c1\","
                    + "\"type\":\"function\",\"function\":{\"name\":\"weather\","
                    + "\"arguments\":\"{\\\"city\\\":\\\"Köln 🙂\\\"}\"}}]},"
                    + "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":"
                    + "[{\"type\":\"text\",\"text\":\"12\"},{\"type\":\"text\",\"text\":\"rain\"}]}"))
        .isEqualTo(
            parsed(
                "[{\"role\":\"system\",\"content\":\"be brief\"},"
                    + "{\"role\":\"user\",\"content\":\"weather?\"},"
                    + "{\"role\":\"assistant\",\"thinking\":\"hm\",\"tool_calls\":[{"
                    + "\"type\":\"function\",\"id\":\"c1\",\"function\":{\"name\":\"weather\","
                    + "\"arguments\":{\"city\":\"Köln 🙂\"}}}]},"
                    + "{\"role\":\"tool\",\"content\":\"12\\nrain\",\"tool_call_id\":\"c1\","
                    + "\"tool_name\":\"weather\"}]"));
  }

  @Test
  void images_in_the_request_are_images_of_the_job() {
    assertThat(
            messages(
                "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"what?\"},"
                    + "{\"type\":\"image_url\",\"image_url\":{\"url\":"
                    + "\"data:image/png;base64,iVBORw0KGgo=\",\"detail\":\"low\"}},"
                    + "{\"type\":\"image_url\",\"image_url\":\"DATA:image/JPEG;BASE64,/9j/4A==\"}]}"))
        .isEqualTo(
            parsed(
                "[{\"role\":\"user\",\"content\":\"what?\","
                    + "\"images\":[\"iVBORw0KGgo=\",\"/9j/4A==\"]}]"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.org/cat.png",
    "http://169.254.169.254/latest",
    "file:///etc/passwd",
    "'data:text/html;base64,PGI+'",
    "data:image/png;base64;x",
    "'data:image/png;base64,'",
    "ftp://x",
    "''"
  })
  void nothing_is_fetched_for_an_image(String url) {
    OpenAiError error =
        refused(
            "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\""
                + url
                + "\"}}]}");
    assertThat(error.code()).isEqualTo("unsupported_value");
    assertThat(error.param()).contains("messages[0].content[0].image_url.url");
    assertThat(error.message()).doesNotContain("example.org", "passwd");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"role\":\"function\",\"content\":\"x\"} | messages[0].role",
        "{\"role\":\"user\",\"content\":[]} | messages[0].content",
        "{\"role\":\"user\",\"content\":[1]} | messages[0].content[0]",
        "{\"role\":\"user\",\"content\":[{}]} | messages[0].content[0].type",
        "{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]} | messages[0].content[0].text",
        "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":7}]} | messages[0].content[0].text",
        "{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\"}]} | messages[0].content[0].type",
        "{\"role\":\"user\",\"content\":[{\"type\":\"file\"}]} | messages[0].content[0].type",
        "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]} | messages[0].content[0].image_url",
        "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}"
            + " | messages[0].content[0].image_url.url",
        "{\"role\":\"tool\",\"content\":\"x\"} | messages[0].tool_call_id",
        "{\"role\":\"assistant\",\"function_call\":{\"name\":\"f\"}} | messages[0].function_call",
        "{\"role\":\"assistant\",\"audio\":{\"id\":\"a\"}} | messages[0].audio",
        "{\"role\":\"assistant\",\"tool_calls\":[{\"type\":\"custom\"}]} | messages[0].tool_calls[0].type",
        "{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]}"
            + " | messages[0].tool_calls[0].function.arguments",
        "{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"[1]\"}}]}"
            + " | messages[0].tool_calls[0].function.arguments",
        "{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\","
            + "\"arguments\":\"{\\\"a\\\":1e99999999999}\"}}]}"
            + " | messages[0].tool_calls[0].function.arguments",
        "{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\","
            + "\"arguments\":\"{\\\"a\\\":1,\\\"a\\\":2}\"}}]}"
            + " | messages[0].tool_calls[0].function.arguments",
        "{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":7}}]}"
            + " | messages[0].tool_calls[0].function.arguments",
      })
  void a_message_that_is_not_right_is_refused_by_its_place(String message, String param) {
    assertThat(refused(message).param()).contains(param);
  }

  @Test
  void arguments_may_be_missing_or_blank_but_not_deeper_than_any_reader_reads() {
    assertThat(arguments("\"\"")).isEqualTo(parsed("{}"));
    assertThat(arguments("{\"a\":1}")).isEqualTo(parsed("{\"a\":1}"));
    String deep = "{\"a\":".repeat(46) + "{}" + "}".repeat(46);
    assertThat(arguments(Json.write(Json.MAPPER.getNodeFactory().textNode(deep))))
        .isEqualTo(parsed(deep));
    String deeper = "{\"a\":".repeat(50) + "{}" + "}".repeat(50);
    assertThat(refused(call(Json.write(Json.MAPPER.getNodeFactory().textNode(deeper)))).param())
        .contains("messages[0].tool_calls[0].function.arguments");
  }

  private static JsonNode arguments(String arguments) {
    return messages(call(arguments))
        .path(0)
        .path("tool_calls")
        .path(0)
        .path("function")
        .path("arguments");
  }

  private static String call(String arguments) {
    return "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\","
        + "\"function\":{\"name\":\"f\",\"arguments\":"
        + arguments
        + "}}]}";
  }

  @Test
  void what_is_no_message_is_left_for_the_reader_of_jobs() {
    assertThat(messages("1,\"x\",null")).isEqualTo(parsed("[1,\"x\",null]"));
    assertThat(Translation.ofChat(parsed("{\"messages\":\"hi\"}")).job().path("messages"))
        .isEqualTo(parsed("\"hi\""));
    assertThat(messages("{\"role\":7,\"content\":{}}"))
        .isEqualTo(parsed("[{\"role\":7,\"content\":{}}]"));
  }

  private static JsonNode messages(String messages) {
    return Translation.ofChat(request(messages)).job().path("messages");
  }

  private static OpenAiError refused(String message) {
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> Translation.ofChat(request(message)));
    assertThat(refusal).as(message).isNotNull();
    return OpenAiError.of(refusal.problem());
  }

  private static JsonNode request(String messages) {
    return parsed("{\"model\":\"m\",\"messages\":[" + messages + "]}");
  }

  private static JsonNode parsed(String json) {
    return Json.parse(json);
  }
}
