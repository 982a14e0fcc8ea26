package io.sluice.worker.ollama;

import static io.sluice.FailureCode.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureCode;
import io.sluice.enginesim.EngineError;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailureMappingTest {
  static final Map<EngineError, FailureCode> MEANING = meaning();

  private static Map<EngineError, FailureCode> meaning() {
    Map<EngineError, FailureCode> meaning = new EnumMap<>(EngineError.class);
    for (EngineError error : EngineError.values()) {
      meaning.put(
          error,
          switch (error) {
            case BUSY, NO_SLOTS -> ENGINE_BUSY;
            case MODEL_MISSING, MODEL_MISSING_PULL -> ENGINE_MODEL_MISSING;
            case BAD_OPTION, NO_BODY, NO_TOOLS, NO_THINKING, NO_CHAT, NO_EMBEDDINGS ->
                INVALID_REQUEST;
            case CONTEXT, CONTEXT_NATIVE, CONTEXT_INPUT -> CONTEXT_LENGTH_EXCEEDED;
            case LOAD_CRASH, LOAD_CRASH_OLD, CRASH, CRASH_CUDA, EMBED_CRASH, STOPPED, GONE ->
                ENGINE_CRASHED;
            case LOAD_OOM,
                LOAD_OOM_OLD,
                LOAD_OOM_LAYOUT,
                LOAD_OOM_ALLOCATE,
                LOAD_OOM_GPU,
                OOM,
                OOM_HIP,
                OOM_VULKAN ->
                ENGINE_OUT_OF_MEMORY;
            case LOAD_TIMEOUT, LOAD_TIMEOUT_OLD, LOADING, NO_BINARY -> ENGINE_LOADING;
            case EVENT_TOO_LARGE, TOKEN_TOO_LONG -> OUTPUT_TOO_LARGE;
            case REPEAT_LIMIT -> RUNAWAY_REPETITION;
            case OTHER -> ENGINE_ERROR;
          });
    }
    return meaning;
  }

  @ParameterizedTest
  @EnumSource
  void every_text_of_ollama_has_its_meaning(EngineError error) {
    assertThat(FailureMapping.of(error.status(), error.text()).code())
        .isEqualTo(MEANING.get(error));
  }

  @ParameterizedTest
  @EnumSource
  void no_message_says_where_the_infrastructure_is(EngineError error) {
    assertThat(FailureMapping.of(error.status(), error.text()).message())
        .doesNotContain("10.1.2.3", "/usr/lib", "11434", "registry.ollama.ai/")
        .isNotBlank();
  }

  @ParameterizedTest
  @CsvSource({
    "301, '', ENGINE_UNREACHABLE",
    "401, unauthorized, ENGINE_UNREACHABLE",
    "403, '', ENGINE_UNREACHABLE",
    "404, 404 page not found, ENGINE_UNREACHABLE",
    "405, method not allowed, ENGINE_UNREACHABLE",
    "413, too large, INVALID_REQUEST",
    "429, slow down, ENGINE_BUSY",
    "499, request canceled, ENGINE_ERROR",
    "502, bad gateway, ENGINE_UNREACHABLE",
    "503, '', ENGINE_BUSY",
    "504, '', ENGINE_UNREACHABLE",
    "500, '', ENGINE_ERROR",
    "200, whatever, ENGINE_ERROR",
  })
  void a_status_alone_has_a_meaning_too(int status, String text, FailureCode code) {
    assertThat(FailureMapping.of(status, text).code()).isEqualTo(code);
  }

  @Test
  void a_request_that_quotes_an_engine_error_does_not_become_one() {
    assertThat(FailureMapping.of(400, "unknown field 'out of memory'").code())
        .isEqualTo(INVALID_REQUEST);
  }

  @Test
  void a_refusal_is_quoted_without_addresses_and_bounded() {
    String text =
        "bad \u0007 image from http://gpu7.corp:11434/x at 10.0.0.9:80 in /var/lib/x, gpu7:8080 ";
    assertThat(FailureMapping.of(400, text).message())
        .isEqualTo("The model server refused the request: bad   image from … at … in …, …");
    assertThat(FailureMapping.of(400, "x".repeat(10_000)).message().length()).isLessThan(400);
  }
}
