package io.sluice.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.problem.OpenAiError;
import io.sluice.gateway.problem.Refusal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests of OpenAI's as bodies of jobs, field by field. */
class RequestsTest {
  private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

  @Test
  void a_plain_chat_becomes_a_plain_job() {
    assertThat(chat("{\"model\":\"qwen3:14b\"," + HI + "}"))
        .isEqualTo("{\"model\":\"qwen3:14b\",\"kind\":\"chat\"," + HI + "}");
  }

  @Test
  void every_parameter_that_is_honoured_has_its_place() {
    assertThat(
            parsed(
                chat(
                    "{\"model\":\"m\","
                        + HI
                        + ",\"temperature\":0.5,\"top_p\":0.9,\"presence_penalty\":1,"
                        + "\"frequency_penalty\":-1,\"seed\":7,\"stop\":\"END\",\"top_k\":20,\"min_p\":0.1,"
                        + "\"repetition_penalty\":1.1,\"max_completion_tokens\":9,\"max_tokens\":8,"
                        + "\"user\":\"u1\",\"metadata\":{\"a\":\"b\"},\"logprobs\":true,"
                        + "\"top_logprobs\":3,\"reasoning_effort\":\"high\",\"service_tier\":\"flex\"}")))
        .isEqualTo(
            parsed(
                "{\"model\":\"m\",\"kind\":\"chat\","
                    + HI
                    + ",\"options\":{\"temperature\":0.5,\"top_p\":0.9,\"presence_penalty\":1,"
                    + "\"frequency_penalty\":-1,\"seed\":7,\"stop\":[\"END\"],\"top_k\":20,"
                    + "\"min_p\":0.1,\"repeat_penalty\":1.1},\"max_output_tokens\":9,"
                    + "\"session\":\"u1\",\"metadata\":{\"a\":\"b\"},\"logprobs\":true,"
                    + "\"top_logprobs\":3,\"think\":true,\"class\":\"batch\"}"));
  }

  @Test
  void what_changes_nothing_is_left_out() {
    assertThat(
            chat(
                "{\"model\":\"m\","
                    + HI
                    + ",\"n\":1,\"store\":true,\"prediction\":{\"type\":\"content\"},"
                    + "\"prompt_cache_key\":\"k\",\"prompt_cache_retention\":\"24h\","
                    + "\"verbosity\":\"medium\",\"modalities\":[\"text\"],\"logit_bias\":{},"
                    + "\"keep_alive\":-1,\"num_ctx\":4096,\"stop\":null,"
                    + "\"tools\":[],\"parallel_tool_calls\":true,\"service_tier\":\"auto\","
                    + "\"user\":\"\",\"stream\":false,\"response_format\":{\"type\":\"text\"}}"))
        .isEqualTo("{\"model\":\"m\",\"kind\":\"chat\"," + HI + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"n\":2                                             | n                 | unsupported_value",
        "\"logit_bias\":{\"5\":1}                            | logit_bias        | unsupported_parameter",
        "\"tool_choice\":\"required\"                        | tool_choice       | unsupported_value",
        "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}} | tool_choice | unsupported_value",
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"parallel_tool_calls\":false"
            + " | parallel_tool_calls | unsupported_value",
        "\"functions\":[]                                    | functions         | unsupported_parameter",
        "\"function_call\":\"auto\"                          | function_call     | unsupported_parameter",
        "\"audio\":{\"voice\":\"alloy\"}                     | audio             | unsupported_parameter",
        "\"modalities\":[\"text\",\"audio\"]                 | modalities        | unsupported_value",
        "\"verbosity\":\"low\"                               | verbosity         | unsupported_value",
        "\"web_search_options\":{}                           | web_search_options| unsupported_parameter",
        "\"moderation\":{\"model\":\"x\"}                    | moderation        | unsupported_parameter",
        "\"best_of\":1                                       | best_of           | unknown_parameter",
        "\"temprature\":1                                    | temprature        | unknown_parameter",
        "\"reasoning\":{\"max_tokens\":9}                    | reasoning.max_tokens | unknown_parameter",
        "\"chat_template_kwargs\":{\"x\":true}               | chat_template_kwargs.x | unknown_parameter",
        "\"stream\":\"yes\"                                  | stream            | invalid_value",
        "\"stream_options\":{\"include_usage\":true}         | stream_options    | invalid_value",
        "\"stream\":true,\"stream_options\":{\"include_usage\":1} | stream_options.include_usage | invalid_value",
        "\"service_tier\":\"gold\"                           | service_tier      | invalid_value",
        "\"reasoning_effort\":\"huge\"                       | reasoning_effort  | invalid_value",
        "\"response_format\":{}                              | response_format.type | invalid_value",
        "\"response_format\":{\"type\":\"xml\"}              | response_format.type | invalid_value",
        "\"response_format\":{\"type\":\"json_schema\"}      | response_format.json_schema | invalid_value",
        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\"}}"
            + " | response_format.json_schema.schema | invalid_value",
        "\"n\":\"1\"                                         | n                 | invalid_value",
      })
  void what_cannot_be_honoured_is_refused_by_its_name(String field, String param, String code) {
    OpenAiError error = refused("{\"model\":\"m\"," + HI + "," + field + "}");
    assertThat(error.status()).isEqualTo(400);
    assertThat(error.type()).isEqualTo("invalid_request_error");
    assertThat(error.param()).contains(param);
    assertThat(error.code()).isEqualTo(code);
    assertThat(error.message()).isNotBlank();
  }

  @Test
  void a_form_of_answer_is_a_format() {
    assertThat(format("{\"type\":\"json_object\"}")).isEqualTo("\"json\"");
    assertThat(
            format(
                "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"strict\":true,"
                    + "\"schema\":{\"type\":\"object\"}}}"))
        .isEqualTo("{\"type\":\"object\"}");
  }

  private static String format(String responseFormat) {
    return parsed(chat("{\"model\":\"m\"," + HI + ",\"response_format\":" + responseFormat + "}"))
        .path("format")
        .toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "m              | \"reasoning_effort\":\"none\"                              | false",
        "m              | \"reasoning_effort\":\"minimal\"                           | true",
        "gpt-oss:20b    | \"reasoning_effort\":\"minimal\"                           | \"low\"",
        "gpt-oss:20b    | \"reasoning_effort\":\"xhigh\"                             | \"high\"",
        "gpt-oss:20b    | \"reasoning\":{\"effort\":\"medium\",\"summary\":\"auto\"} | \"medium\"",
        "m              | \"reasoning\":{\"enabled\":false}                          | false",
        "m              | \"chat_template_kwargs\":{\"enable_thinking\":true}        | true",
        "m              | \"chat_template_kwargs\":{\"thinking\":false}              | false",
      })
  void an_effort_of_reasoning_is_thinking_or_none(String model, String field, String think) {
    ObjectNode job = parsed(chat("{\"model\":\"" + model + "\"," + HI + "," + field + "}"));
    assertThat(job.path("think").toString()).isEqualTo(think);
  }

  @Test
  void seeds_of_64_bits_are_folded_to_the_same_32_each_time() {
    assertThat(seed("9223372036854775806")).isEqualTo(seed("9223372036854775806"));
    assertThat(seed("9223372036854775806")).isNotEqualTo(seed("9223372036854775807"));
    assertThat(seed("-1")).isEqualTo("-1");
    assertThat(seed("99999999999999999999")).isEqualTo("99999999999999999999");
  }

  private static String seed(String seed) {
    return parsed(chat("{\"model\":\"m\"," + HI + ",\"seed\":" + seed + "}"))
        .path("options")
        .path("seed")
        .toString();
  }

  @Test
  void tools_lose_only_what_no_engine_keeps() {
    String tool =
        "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"d\",%s"
            + "\"parameters\":{\"type\":\"object\"}}}";
    String asked = "{\"model\":\"m\"," + HI + ",\"tools\":[" + tool.formatted("\"strict\":true,");
    assertThat(parsed(chat(asked + "]}")).path("tools"))
        .isEqualTo(parsed("{\"t\":[" + tool.formatted("") + "]}").path("t"));
    assertThat(parsed(chat(asked + "],\"tool_choice\":\"none\"}")).has("tools")).isFalse();
    assertThat(parsed(chat(asked + "],\"tool_choice\":\"auto\"}")).has("tools")).isTrue();
  }

  @Test
  void faults_of_a_job_are_told_by_the_names_of_the_request() {
    Translation translation =
        Translation.ofChat(
            parsed("{\"model\":\"m\"," + HI + ",\"max_tokens\":0,\"stop\":[],\"user\":\"u\"}"));
    assertThat(translation.phrasing().origins())
        .isEqualTo(
            Map.of(
                "/max_output_tokens", "/max_tokens",
                "/session", "/user",
                "/options/stop", "/stop"));
  }

  @Test
  void a_body_that_is_no_object_is_refused() {
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> Translation.ofChat(Json.parse("[1]")));
    OpenAiError error = OpenAiError.of(refusal.problem());
    assertThat(error.status()).isEqualTo(400);
    assertThat(error.param()).isEmpty();
  }

  @Test
  void a_text_completion_becomes_a_prompt() {
    assertThat(
            parsed(
                text(
                    "{\"model\":\"m\",\"prompt\":[\"once\"],\"suffix\":\"end\",\"best_of\":1,"
                        + "\"logprobs\":2,\"max_tokens\":5,\"stop\":[\"a\",\"b\"]}")))
        .isEqualTo(
            parsed(
                "{\"model\":\"m\",\"options\":{\"stop\":[\"a\",\"b\"]},\"max_output_tokens\":5,"
                    + "\"kind\":\"generate\",\"prompt\":\"once\",\"suffix\":\"end\","
                    + "\"logprobs\":true,\"top_logprobs\":2}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"prompt\":[\"a\",\"b\"]                    | prompt  | unsupported_value",
        "\"prompt\":[1,2,3]                          | prompt  | unsupported_value",
        "\"prompt\":[]                               | prompt  | unsupported_value",
        "\"prompt\":\"a\",\"best_of\":2              | best_of | unsupported_value",
        "\"prompt\":\"a\",\"echo\":true,\"logprobs\":0 | echo  | unsupported_value",
        "\"prompt\":\"a\",\"logprobs\":6             | logprobs| invalid_value",
        "\"prompt\":\"a\",\"messages\":[]            | messages| unknown_parameter",
      })
  void what_a_text_completion_cannot_have_is_refused(String field, String param, String code) {
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class, () -> Translation.ofText(parsed("{\"model\":\"m\"," + field + "}")));
    OpenAiError error = OpenAiError.of(refusal.problem());
    assertThat(error.param()).contains(param);
    assertThat(error.code()).isEqualTo(code);
  }

  @Test
  void the_answer_knows_what_was_asked_of_it() {
    assertThat(
            Translation.ofChat(
                    parsed(
                        "{\"model\":\"m\","
                            + HI
                            + ",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                            + "\"service_tier\":\"priority\"}"))
                .answer())
        .isEqualTo(new AnswerForm("m", true, true, java.util.Optional.of("default"), ""));
    assertThat(
            Translation.ofText(parsed("{\"model\":\"m\",\"prompt\":\"once\",\"echo\":true}"))
                .answer()
                .echo())
        .isEqualTo("once");
  }

  private static String chat(String request) {
    return Json.write(Translation.ofChat(parsed(request)).job());
  }

  private static String text(String request) {
    return Json.write(Translation.ofText(parsed(request)).job());
  }

  private static OpenAiError refused(String request) {
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> Translation.ofChat(parsed(request)));
    assertThat(refusal).as(request).isNotNull();
    return OpenAiError.of(refusal.problem());
  }

  private static ObjectNode parsed(String json) {
    return (ObjectNode) Json.parse(json);
  }
}
