package io.sluice.worker.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.JobKind;
import io.sluice.codec.Json;
import io.sluice.worker.Answers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the model server gets of a job's own fields: all of them, as they are. */
class RequestBodyTest {
  private static JsonNode sent(JobKind kind, String request) {
    return RequestBody.of(Answers.job(kind, request, 40), 8192);
  }

  private static void assertPassed(JobKind kind, String request) {
    JsonNode sent = sent(kind, request);
    for (var field : Json.parse(request).properties()) {
      assertThat(sent.path(field.getKey())).as(field.getKey()).isEqualTo(field.getValue());
    }
  }

  @Test
  void a_chat_passes_with_images_calls_tools_and_what_is_asked_of_its_answer() {
    assertPassed(
        JobKind.CHAT,
        """
        {"messages":[{"role":"user","content":"a","images":["iVBORw0KGgo="]},
        {"role":"assistant","content":"","thinking":"hm","tool_calls":[
          {"id":"c","function":{"index":0,"name":"f","arguments":{"city":"Köln"}}}]},
        {"role":"tool","content":"1","tool_name":"f","tool_call_id":"c"}],
        "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],
        "format":{"type":"object"},"think":true,"logprobs":true,"top_logprobs":20}""");
  }

  @Test
  void a_prompt_passes_with_images_and_what_is_asked_of_its_answer() {
    assertPassed(
        JobKind.GENERATE,
        """
        {"prompt":"a","suffix":"b","system":"c","images":["/9j/4AAQ"],"format":"json",
        "think":false,"logprobs":true,"top_logprobs":0}""");
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false", "\"low\"", "\"medium\"", "\"high\"", "\"max\""})
  void every_level_of_thinking_passes(String think) {
    assertPassed(JobKind.GENERATE, "{\"prompt\":\"a\",\"think\":" + think + "}");
  }
}
