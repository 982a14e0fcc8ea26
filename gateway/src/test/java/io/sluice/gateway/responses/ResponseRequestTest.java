package io.sluice.gateway.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Ending;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.Output;
import io.sluice.Usage;
import io.sluice.codec.Json;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.submit.Faults;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResponseRequestTest {
  private static final String CALL =
      "{\"id\":\"call_0\",\"function\":{\"name\":\"weather\",\"arguments\":{\"city\":\"Oslo\"}}}";

  private static ResponseRequest read(String json) {
    return ResponseRequest.of(Json.parse(json), Previous.NONE);
  }

  private static JsonNode job(String json) {
    return read(json).job();
  }

  private static Problem refused(String json) {
    return catchThrowableOfType(Refusal.class, () -> read(json)).problem();
  }

  private static String param(String json) {
    Problem problem = refused(json);
    JsonNode param = problem.members().get("param");
    return param == null
        ? problem.members().get("errors").path(0).path("pointer").asText()
        : param.asText();
  }

  @Test
  void a_text_is_a_message_of_the_user_and_instructions_stand_before_it() {
    ResponseRequest request =
        read("{\"model\":\"m\",\"input\":\"hi\",\"instructions\":\"be brief\"}");
    assertThat(request.job())
        .isEqualTo(
            Json.parse(
                "{\"model\":\"m\",\"kind\":\"chat\",\"messages\":["
                    + "{\"role\":\"system\",\"content\":\"be brief\"},"
                    + "{\"role\":\"user\",\"content\":\"hi\"}]}"));
    assertThat(request.kept().instructed()).isTrue();
    assertThat(request.kept().history()).isEqualTo(1);
    assertThat(request.kept().store()).isTrue();
    assertThat(request.stream()).isFalse();
  }

  @Test
  void items_become_messages_calls_and_answers_of_tools() {
    JsonNode job =
        job(
            "{\"model\":\"m\",\"input\":["
                + "{\"role\":\"developer\",\"content\":\"d\"},"
                + "{\"type\":\"message\",\"role\":\"user\",\"content\":["
                + "{\"type\":\"input_text\",\"text\":\"a\"},{\"type\":\"input_text\",\"text\":\"b\"},"
                + "{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,QUJD\"}]},"
                + "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[]},"
                + "{\"type\":\"message\",\"id\":\"msg_1\",\"status\":\"completed\",\"role\":\"assistant\","
                + "\"content\":[{\"type\":\"output_text\",\"text\":\"c\",\"annotations\":[]}]},"
                + "{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"call_a\",\"name\":\"f\","
                + "\"arguments\":\"{\\\"x\\\":1}\"},"
                + "{\"type\":\"function_call\",\"call_id\":\"call_b\",\"name\":\"g\",\"arguments\":\"{}\"},"
                + "{\"type\":\"function_call_output\",\"call_id\":\"call_b\",\"output\":\"7\"}]}");
    assertThat(job.path("messages"))
        .isEqualTo(
            Json.parse(
                "[{\"role\":\"system\",\"content\":\"d\"},"
                    + "{\"role\":\"user\",\"content\":\"a\\nb\",\"images\":[\"QUJD\"]},"
                    + "{\"role\":\"assistant\",\"content\":\"c\",\"tool_calls\":["
                    + "{\"type\":\"function\",\"id\":\"call_a\","
                    + "\"function\":{\"name\":\"f\",\"arguments\":{\"x\":1}}},"
                    + "{\"type\":\"function\",\"id\":\"call_b\","
                    + "\"function\":{\"name\":\"g\",\"arguments\":{}}}]},"
                    + "{\"role\":\"tool\",\"content\":\"7\",\"tool_call_id\":\"call_b\","
                    + "\"tool_name\":\"g\"}]"));
  }

  @Test
  void parameters_mean_what_they_mean_in_a_chat() {
    JsonNode job =
        job(
            "{\"model\":\"m\",\"input\":\"hi\",\"max_output_tokens\":50,\"temperature\":0.5,\"top_p\":1,"
                + "\"reasoning\":{\"effort\":\"high\",\"summary\":\"auto\"},\"metadata\":{\"a\":\"b\"},"
                + "\"service_tier\":\"flex\",\"tools\":[{\"type\":\"function\",\"name\":\"f\","
                + "\"strict\":true,\"parameters\":{\"type\":\"object\"}}],\"text\":{\"format\":"
                + "{\"type\":\"json_schema\",\"name\":\"n\",\"strict\":true,\"schema\":{\"type\":\"object\"}}}}");
    assertThat(job.path("max_output_tokens").asInt()).isEqualTo(50);
    assertThat(job.at("/options/temperature").asDouble()).isEqualTo(0.5);
    assertThat(job.path("think").asBoolean()).isTrue();
    assertThat(job.path("class").asText()).isEqualTo("batch");
    assertThat(job.path("format")).isEqualTo(Json.parse("{\"type\":\"object\"}"));
    assertThat(job.at("/metadata/a").asText()).isEqualTo("b");
    assertThat(job.path("tools"))
        .isEqualTo(
            Json.parse(
                "[{\"type\":\"function\",\"function\":"
                    + "{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}]"));
  }

  @Test
  void what_runs_in_the_background_may_take_longer_and_has_to_be_stored() {
    JsonNode job = job("{\"model\":\"m\",\"input\":\"hi\",\"background\":true}");
    assertThat(job.path("queue_timeout").asText()).isEqualTo("24h");
    assertThat(job.path("timeout").asText()).isEqualTo("10m");
    assertThat(param("{\"model\":\"m\",\"input\":\"hi\",\"background\":true,\"store\":false}"))
        .isEqualTo("store");
  }

  @Test
  void what_cannot_be_done_is_refused_by_its_name() {
    String rest = "\"model\":\"m\",\"input\":\"hi\"";
    assertThat(param("{" + rest + ",\"tools\":[{\"type\":\"web_search\"}]}"))
        .isEqualTo("tools[0].type");
    assertThat(param("{" + rest + ",\"conversation\":\"c\"}")).isEqualTo("conversation");
    assertThat(param("{" + rest + ",\"truncation\":\"auto\"}")).isEqualTo("truncation");
    assertThat(param("{" + rest + ",\"tool_choice\":\"required\"}")).isEqualTo("tool_choice");
    assertThat(param("{" + rest + ",\"nonsense\":1}")).isEqualTo("nonsense");
    assertThat(param("{" + rest + ",\"text\":{\"verbosity\":\"high\"}}"))
        .isEqualTo("text.verbosity");
    assertThat(param("{" + rest + ",\"text\":{\"format\":{\"type\":\"json_schema\"}}}"))
        .isEqualTo("/text/format/schema");
    assertThat(param("{" + rest + ",\"reasoning\":{\"effort\":\"utmost\"}}"))
        .isEqualTo("/reasoning/effort");
    assertThat(param("{\"model\":\"m\"}")).isEqualTo("/input");
    assertThat(param("{\"model\":\"m\",\"input\":[{\"type\":\"item_reference\",\"id\":\"x\"}]}"))
        .isEqualTo("input[0].type");
    assertThat(
            param(
                "{\"model\":\"m\",\"instructions\":\"x\",\"input\":[\"x\",{\"role\":\"user\",\"content\":"
                    + "[{\"type\":\"input_file\",\"file_id\":\"x\"}]}]}"))
        .isEqualTo("input[1].content[0].type");
    assertThat(
            param(
                "{\"model\":\"m\",\"instructions\":\"x\",\"input\":[{\"role\":\"user\",\"content\":["
                    + "{\"type\":\"input_image\",\"image_url\":\"https://example.com/a.png\"}]}]}"))
        .isEqualTo("input[0].content[0].image_url");
    assertThat(
            param(
                "{\"model\":\"m\",\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"x\","
                    + "\"output\":\"y\"}]}"))
        .isEqualTo("/input/0/call_id");
    assertThat(
            param(
                "{\"model\":\"m\",\"input\":[{\"type\":\"function_call\",\"call_id\":\"x\",\"name\":\"f\","
                    + "\"arguments\":\"no json\"}]}"))
        .isEqualTo("/input/0/arguments");
  }

  @Test
  void a_response_goes_on_from_the_one_before_without_its_instructions() {
    ResponseRequest first =
        read("{\"model\":\"m\",\"input\":\"weather?\",\"instructions\":\"be brief\"}");
    Output output = new Output("Let me see.", Optional.of("hm"), List.of(CALL));
    JobRecord ended = ended(first, output);
    String called = new Items(ended.id()).calledAs(0, CALL);
    ResponseRequest next =
        ResponseRequest.of(
            Json.parse(
                "{\"model\":\"m\",\"instructions\":\"be long\",\"previous_response_id\":\"resp_1\","
                    + "\"input\":[{\"type\":\"function_call_output\",\"call_id\":\""
                    + called
                    + "\",\"output\":\"rain\"}]}"),
            Previous.of(ended));
    assertThat(next.job().path("messages"))
        .isEqualTo(
            Json.parse(
                "[{\"role\":\"system\",\"content\":\"be long\"},"
                    + "{\"role\":\"user\",\"content\":\"weather?\"},"
                    + "{\"role\":\"assistant\",\"content\":\"Let me see.\",\"tool_calls\":["
                    + "{\"type\":\"function\",\"id\":\""
                    + called
                    + "\",\"function\":{\"name\":\"weather\",\"arguments\":{\"city\":\"Oslo\"}}}]},"
                    + "{\"role\":\"tool\",\"content\":\"rain\",\"tool_call_id\":\""
                    + called
                    + "\",\"tool_name\":\"weather\"}]"));
    assertThat(next.kept().previous()).contains("resp_1");
    assertThat(next.kept().history()).isEqualTo(3);
    Faults faults = new Faults();
    faults.add("/messages/1/content", "x");
    faults.add("/messages/3/content", "x");
    faults.add("/options/temperature", "x");
    JsonNode told = next.phrasing().apply(faults.problem()).members().get("errors");
    assertThat(told.path(0).path("pointer").asText()).isEqualTo("/previous_response_id");
    assertThat(told.path(1).path("pointer").asText()).isEqualTo("/input/0/content");
  }

  @Test
  void a_response_without_input_of_its_own_still_goes_on_from_the_one_before() {
    JobRecord ended =
        ended(
            read("{\"model\":\"m\",\"input\":\"weather?\"}"),
            new Output("Rain.", Optional.empty(), List.of()));
    ResponseRequest next =
        ResponseRequest.of(
            Json.parse(
                "{\"model\":\"m\",\"instructions\":\"be long\",\"previous_response_id\":\"resp_1\","
                    + "\"input\":[{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[]}]}"),
            Previous.of(ended));
    assertThat(next.job().path("messages").findValuesAsText("content"))
        .containsExactly("be long", "weather?", "Rain.");
    assertThat(next.kept().history()).isEqualTo(3);
  }

  private static JobRecord ended(ResponseRequest request, Output output) {
    JobRecord record =
        Logs.record(JobState.COMPLETED, Optional.of(new Ending.Completed(output, new Usage(1, 1))));
    return new JobRecord(
        new Jobs(record.job())
            .request(Json.write(request.job()))
            .job()
            .surface(request.kept().json()),
        record.state(),
        true,
        1,
        0,
        0,
        1,
        Optional.empty(),
        Optional.empty(),
        record.endedAt(),
        record.ending(),
        record.ticket(),
        Optional.empty());
  }

  @Test
  void the_response_tells_what_was_asked_for() {
    ObjectNode asked =
        (ObjectNode)
            Json.parse(
                "{\"model\":\"m\",\"input\":\"hi\",\"instructions\":\"be brief\",\"user\":\"u\","
                    + "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}],"
                    + "\"temperature\":0.5,\"reasoning\":{\"effort\":\"low\"},\"text\":{\"format\":"
                    + "{\"type\":\"json_schema\",\"name\":\"n\",\"schema\":{\"type\":\"object\"}}}}");
    ResponseRequest request = ResponseRequest.of(asked, Previous.NONE);
    ObjectNode told = ResponseView.of(ended(request, new Output("x", Optional.empty(), List.of())));
    assertThat(told.path("instructions").asText()).isEqualTo("be brief");
    assertThat(told.path("user").asText()).isEqualTo("u");
    assertThat(told.path("text")).isEqualTo(asked.path("text"));
    assertThat(told.path("reasoning")).isEqualTo(asked.path("reasoning"));
    assertThat(told.path("temperature").asDouble()).isEqualTo(0.5);
    assertThat(told.at("/tools/0/name").asText()).isEqualTo("f");
    assertThat(told.at("/tools/0/parameters/type").asText()).isEqualTo("object");
    assertThat(told.path("status").asText()).isEqualTo("completed");
    assertThat(told.path("completed_at").isIntegralNumber()).isTrue();
    assertThat(told.at("/usage/total_tokens").asInt()).isEqualTo(2);
    assertThat(told.at("/output/0/content/0/text").asText()).isEqualTo("x");
  }

  @Test
  void a_prompt_that_is_too_long_is_told_as_the_fault_of_the_input() {
    Problem problem =
        read("{\"model\":\"m\",\"input\":\"hi\"}")
            .phrasing()
            .apply(ProblemCode.CONTEXT_LENGTH_EXCEEDED.with("Too long."));
    assertThat(problem.members().get("param").asText()).isEqualTo("input");
  }
}
