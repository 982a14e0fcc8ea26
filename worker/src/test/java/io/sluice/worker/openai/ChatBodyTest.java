package io.sluice.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.JobKind;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import io.sluice.worker.Answers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatBodyTest {
  private static JsonNode chat(String request) throws Unmappable {
    return ChatBody.of(Answers.job(JobKind.CHAT, request, 40));
  }

  private static JsonNode message(String rest) throws Unmappable {
    return chat("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]" + rest + "}");
  }

  @Test
  void a_chat_says_its_model_its_longest_output_and_that_it_streams_and_counts() throws Exception {
    assertThat(message(""))
        .isEqualTo(
            Json.parse(
                """
                {"model":"qwen3:14b","messages":[{"role":"user","content":"a"}],"max_tokens":40,
                "stream":true,"stream_options":{"include_usage":true},
                "chat_template_kwargs":{"enable_thinking":false,"thinking":false}}"""));
  }

  @Test
  void a_single_prompt_is_a_chat_of_one_message() throws Exception {
    String request = "{\"prompt\":\"a\",\"system\":\"b\",\"suffix\":\"\"}";
    assertThat(ChatBody.of(Answers.job(JobKind.GENERATE, request, 4)).path("messages"))
        .isEqualTo(
            Json.parse(
                "[{\"role\":\"system\",\"content\":\"b\"},{\"role\":\"user\",\"content\":\"a\"}]"));
  }

  @Test
  void options_have_the_names_of_the_servers() throws Exception {
    JsonNode body =
        message(
            """
            ,"options":{"temperature":0.5,"top_p":0.9,"top_k":0,"min_p":0.1,"seed":7,"stop":["x"],
            "presence_penalty":1,"frequency_penalty":2,"repeat_penalty":1.1}""");
    for (String name : new String[] {"temperature", "top_p", "min_p", "seed", "stop"}) {
      assertThat(body.has(name)).as(name).isTrue();
    }
    assertThat(body.path("top_k").asInt()).isEqualTo(-1);
    assertThat(body.path("repeat_penalty")).isEqualTo(body.path("repetition_penalty"));
    assertThat(body.path("repetition_penalty").asDouble()).isEqualTo(1.1);
    assertThat(body.has("options")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"options\":{\"typical_p\":0.5}     | the option 'typical_p'",
        "\"options\":{\"repeat_last_n\":4}   | the option 'repeat_last_n'",
        "\"options\":{\"num_keep\":4}        | the option 'num_keep'",
        "\"think\":\"hard\"                  | a think of 'hard'",
        "\"context\":[1]                     | 'context'",
      })
  void what_has_no_word_is_refused_by_its_name(String field, String named) {
    assertThatThrownBy(() -> message("," + field))
        .isInstanceOf(Unmappable.class)
        .hasMessageContaining(named)
        .hasMessageContaining("cannot express");
  }

  @Test
  void a_suffix_is_refused() {
    String request = "{\"prompt\":\"a\",\"suffix\":\"b\"}";
    assertThatThrownBy(() -> ChatBody.of(Answers.job(JobKind.GENERATE, request, 4)))
        .hasMessageContaining("'suffix'");
  }

  @Test
  void formats_are_response_formats() throws Exception {
    assertThat(message(",\"format\":\"json\"").path("response_format"))
        .isEqualTo(Json.parse("{\"type\":\"json_object\"}"));
    JsonNode schema = message(",\"format\":{\"type\":\"object\"}").path("response_format");
    assertThat(schema.path("type").asText()).isEqualTo("json_schema");
    assertThat(schema.path("json_schema").path("schema"))
        .isEqualTo(Json.parse("{\"type\":\"object\"}"));
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, ''",
    "false, false, ''",
    "\"low\", true, low",
    "\"high\", true, high",
    "\"max\", true, high",
    "null, false, ''"
  })
  void thinking_is_a_matter_of_the_template(String think, boolean on, String effort)
      throws Exception {
    JsonNode body = message(",\"think\":" + think);
    assertThat(body.path("chat_template_kwargs").path("enable_thinking").asBoolean()).isEqualTo(on);
    assertThat(body.path("reasoning_effort").asText()).isEqualTo(effort);
  }

  @Test
  void calls_have_ids_and_their_arguments_are_text() throws Exception {
    JsonNode messages =
        chat("""
            {"messages":[{"role":"user","content":"weather?"},
            {"role":"assistant","thinking":"hm","tool_calls":[
              {"function":{"name":"f","arguments":{"city":"Köln"}}},
              {"id":"own","type":"function","function":{"index":1,"name":"g"}}]},
            {"role":"tool","tool_name":"g","content":"2"},
            {"role":"tool","content":"1"}]}""")
            .path("messages");
    JsonNode first = messages.path(1).path("tool_calls").path(0);
    assertThat(first.path("id").asText()).isEqualTo("call_0");
    assertThat(first.path("type").asText()).isEqualTo("function");
    assertThat(first.path("function").path("arguments").asText()).isEqualTo("{\"city\":\"Köln\"}");
    assertThat(messages.path(1).path("content").asText()).isEmpty();
    assertThat(messages.path(1).path("reasoning").asText()).isEqualTo("hm");
    assertThat(
            messages.path(1).path("tool_calls").path(1).path("function").path("arguments").asText())
        .isEqualTo("{}");
    assertThat(messages.path(2).path("tool_call_id").asText()).isEqualTo("own");
    assertThat(messages.path(3).path("tool_call_id").asText()).isEqualTo("call_0");
  }

  @Test
  void a_tool_s_word_that_answers_nothing_is_refused() {
    String lone = "{\"messages\":[{\"role\":\"tool\",\"content\":\"2\"}]}";
    assertThatThrownBy(() -> chat(lone)).hasMessageContaining("that no call came before");
  }

  @ParameterizedTest
  @EnumSource(names = {"CHAT", "GENERATE"})
  void probabilities_are_asked_for_in_the_same_words(JobKind kind) throws Exception {
    String asked = kind == JobKind.CHAT ? "\"messages\":[{\"role\":\"user\"}]" : "\"prompt\":\"a\"";
    String request = "{" + asked + ",\"logprobs\":true,\"top_logprobs\":3}";
    JsonNode body = ChatBody.of(Answers.job(kind, request, 4));
    assertThat(body.path("logprobs").asBoolean()).isTrue();
    assertThat(body.path("top_logprobs").asInt()).isEqualTo(3);
  }

  @Test
  void tools_are_functions() throws Exception {
    JsonNode body = message(",\"tools\":[{\"function\":{\"name\":\"f\"}}]");
    assertThat(body.path("tools"))
        .isEqualTo(Json.parse("[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]"));
  }

  @Test
  void images_are_parts_with_their_kind() throws Exception {
    JsonNode content =
        chat("{\"messages\":[{\"role\":\"user\",\"content\":\"a\",\"images\":[\"/9j/4AAQ\"]}]}")
            .path("messages")
            .path(0)
            .path("content");
    assertThat(content.path(0)).isEqualTo(Json.parse("{\"type\":\"text\",\"text\":\"a\"}"));
    assertThat(content.path(1).path("image_url").path("url").asText())
        .isEqualTo("data:image/jpeg;base64,/9j/4AAQ");
    String other = "{\"messages\":[{\"role\":\"user\",\"content\":\"a\",\"images\":[\"Qk0=\"]}]}";
    assertThatThrownBy(() -> chat(other)).hasMessageContaining("no PNG, JPEG, GIF or WebP");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"messages\":[]}", "[]", "not json"})
  void what_asks_nothing_is_no_request(String request) {
    assertThatThrownBy(() -> chat(request)).isInstanceOf(CodecException.class);
  }
}
