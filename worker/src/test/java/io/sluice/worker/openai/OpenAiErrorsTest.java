package io.sluice.worker.openai;

import static io.sluice.FailureCode.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureCode;
import io.sluice.codec.Json;
import io.sluice.enginesim.OpenAiError;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OpenAiErrorsTest {
  static final Map<OpenAiError, FailureCode> MEANING = meaning();

  private static Map<OpenAiError, FailureCode> meaning() {
    Map<OpenAiError, FailureCode> meaning = new EnumMap<>(OpenAiError.class);
    for (OpenAiError error : OpenAiError.values()) {
      meaning.put(
          error,
          switch (error) {
            case CONTEXT_VLLM,
                CONTEXT_VLLM_PROMPT,
                CONTEXT_SGLANG,
                CONTEXT_SGLANG_TOTAL,
                CONTEXT_LLAMA ->
                CONTEXT_LENGTH_EXCEEDED;
            case MODEL_MISSING -> ENGINE_MODEL_MISSING;
            case UNAUTHORIZED, UNAUTHORIZED_LLAMA -> ENGINE_UNREACHABLE;
            case LOADING -> ENGINE_LOADING;
            case BUSY, TOO_MANY -> ENGINE_BUSY;
            case BAD_REQUEST, NO_CHAT, NOT_SUPPORTED -> INVALID_REQUEST;
            case CRASH, CRASH_OLD -> ENGINE_CRASHED;
            case OOM -> ENGINE_OUT_OF_MEMORY;
            case OTHER -> ENGINE_ERROR;
          });
    }
    return meaning;
  }

  @ParameterizedTest
  @EnumSource
  void no_message_says_where_the_infrastructure_is(OpenAiError error) {
    String body = "{\"error\":{\"message\":\"" + error.text() + "\",\"code\":500}}";
    assertThat(OpenAiErrors.refusal(error.status(), body).message())
        .doesNotContain("10.1.2.3", "8000")
        .isNotBlank();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | {\"object\":\"error\",\"message\":\"max_tokens must be at least 1\",\"code\":400} | INVALID_REQUEST",
        "400 | {\"error\":{\"message\":\"x\",\"code\":\"context_length_exceeded\"}} | CONTEXT_LENGTH_EXCEEDED",
        "400 | {\"error\":{\"message\":\"x\",\"type\":\"exceed_context_size_error\"}} | CONTEXT_LENGTH_EXCEEDED",
        "422 | {\"detail\":[{\"loc\":[\"body\"],\"msg\":\"field required\"}]} | INVALID_REQUEST",
        "404 | {\"detail\":\"Not Found\"} | ENGINE_UNREACHABLE",
        "404 | {\"object\":\"error\",\"message\":\"The model `m` does not exist.\"} | ENGINE_MODEL_MISSING",
        "413 | too large | INVALID_REQUEST",
        "429 | slow down | ENGINE_BUSY",
        "500 | '' | ENGINE_ERROR",
        "502 | <html>bad gateway</html> | ENGINE_UNREACHABLE",
        "503 | '' | ENGINE_BUSY",
        "504 | '' | ENGINE_UNREACHABLE",
        "301 | '' | ENGINE_UNREACHABLE",
      })
  void every_form_of_an_error_is_read(int status, String body, FailureCode code) {
    assertThat(OpenAiErrors.refusal(status, body).code()).isEqualTo(code);
  }

  @Test
  void an_error_in_a_stream_has_its_status_inside() {
    String refused = "{\"error\":{\"message\":\"bad\",\"code\":400}}";
    assertThat(OpenAiErrors.midStream(Json.parse(refused)).code()).isEqualTo(INVALID_REQUEST);
    String broken = "{\"error\":{\"message\":\"bad\",\"code\":\"x\"}}";
    assertThat(OpenAiErrors.midStream(Json.parse(broken)).code()).isEqualTo(ENGINE_ERROR);
  }

  @Test
  void a_refusal_is_quoted_without_its_tags() {
    String body = "{\"error\":{\"message\":\"top_k is wrong\",\"type\":\"BadRequestError\"}}";
    assertThat(OpenAiErrors.refusal(400, body).message())
        .isEqualTo("The model server refused the request: top_k is wrong");
  }
}
