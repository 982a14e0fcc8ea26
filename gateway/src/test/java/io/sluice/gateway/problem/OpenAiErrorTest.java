package io.sluice.gateway.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sluice.FailureCode;
import io.sluice.codec.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OpenAiErrorTest {
  @ParameterizedTest
  @EnumSource(ProblemCode.class)
  void every_problem_has_the_four_keys_and_a_type_and_a_code(ProblemCode code) {
    OpenAiError told = OpenAiError.of(code.with("A sentence."));
    ObjectNode error = (ObjectNode) told.body().path("error");
    List<String> keys = new ArrayList<>();
    error.fieldNames().forEachRemaining(keys::add);
    assertThat(keys).containsExactly("message", "type", "param", "code");
    assertThat(error.path("message").asText()).isEqualTo("A sentence.");
    assertThat(error.path("type").asText())
        .isIn(Set.of("invalid_request_error", "server_error", "requests"));
    assertThat(error.path("code").asText()).isNotBlank();
    assertThat(told.status()).isNotEqualTo(422);
  }

  @ParameterizedTest
  @CsvSource({
    "UNAUTHORIZED, 401, invalid_request_error, invalid_api_key",
    "INSUFFICIENT_SCOPE, 403, invalid_request_error, insufficient_scope",
    "MODEL_NOT_FOUND, 404, invalid_request_error, model_not_found",
    "ROUTE_NOT_FOUND, 404, invalid_request_error, unknown_url",
    "CONTEXT_LENGTH_EXCEEDED, 400, invalid_request_error, context_length_exceeded",
    "LIMIT_NEVER_FITS, 400, invalid_request_error, limit_never_fits",
    "IDEMPOTENCY_KEY_REUSED, 400, invalid_request_error, idempotency_key_reused",
    "TOO_MANY_WAITING, 429, requests, too_many_waiting",
    "DEADLINE_UNATTAINABLE, 429, requests, deadline_unattainable",
    "STORE_UNAVAILABLE, 503, server_error, store_unavailable",
    "INTERNAL_ERROR, 500, server_error, internal_error",
  })
  void statuses_and_codes_are_those_that_the_sdks_know(
      ProblemCode code, int status, String type, String told) {
    OpenAiError error = OpenAiError.of(code.with("x"));
    assertThat(error.status()).isEqualTo(status);
    assertThat(error.type()).isEqualTo(type);
    assertThat(error.code()).isEqualTo(told);
  }

  @ParameterizedTest
  @CsvSource({
    "tenant_requests_per_minute, requests, rate_limit_exceeded, false",
    "session_tokens_per_minute, tokens, rate_limit_exceeded, false",
    "tenant_tokens_per_day, insufficient_quota, insufficient_quota, true",
  })
  void a_limit_is_told_by_its_kind(String limit, String type, String code, boolean isFinal) {
    ArrayNode names = Json.MAPPER.createArrayNode().add(limit);
    Problem problem =
        ProblemCode.RATE_LIMIT_EXCEEDED
            .with("x")
            .member("violated_policies", names)
            .retryAfter(Duration.ofMillis(1_500));
    assertThat(OpenAiError.of(problem).type()).isEqualTo(type);
    assertThat(OpenAiError.of(problem).code()).isEqualTo(code);
    assertThat(OpenAiError.headers(problem)).containsEntry("retry-after-ms", "2000");
    assertThat(OpenAiError.headers(problem).containsKey("x-should-retry")).isEqualTo(isFinal);
  }

  @Test
  void what_would_fail_again_is_not_to_be_tried_again() {
    Problem failed = ProblemCode.INTERNAL_ERROR.with("x");
    assertThat(OpenAiError.headers(failure(failed, FailureCode.RUNAWAY_THINKING)))
        .containsEntry("x-should-retry", "false");
    assertThat(OpenAiError.headers(failure(failed, FailureCode.ENGINE_CRASHED))).isEmpty();
    assertThat(OpenAiError.of(failure(failed, FailureCode.ENGINE_CRASHED)).code())
        .isEqualTo("engine_crashed");
    assertThat(
            OpenAiError.headers(failed.member("failure", TextNode.valueOf("of a newer version"))))
        .isEmpty();
  }

  private static Problem failure(Problem problem, FailureCode code) {
    return problem.member("failure", TextNode.valueOf(code.wireName()));
  }

  @Test
  void faults_of_a_body_are_told_with_their_places_and_not_without_end() {
    ArrayNode errors = Json.MAPPER.createArrayNode();
    errors.addObject().put("pointer", "/messages/0/content").put("detail", "It is missing.");
    errors.addObject().put("pointer", "").put("detail", "It is odd.");
    errors.addObject().put("pointer", "/a~1b~0c/12/d").put("detail", "No.");
    for (int i = 0; i < 7; i++) {
      errors.addObject().put("pointer", "/x").put("detail", "No.");
    }
    OpenAiError error =
        OpenAiError.of(ProblemCode.INVALID_REQUEST.with("y").member("errors", errors));
    assertThat(error.param()).contains("messages[0].content");
    assertThat(error.message())
        .isEqualTo(
            "'messages[0].content': It is missing. It is odd. 'a/b~c[12].d': No."
                + " 'x': No. 'x': No. And 5 more.");
  }

  @Test
  void a_model_that_is_not_served_is_the_fault_of_its_parameter() {
    assertThat(OpenAiError.of(ProblemCode.MODEL_NOT_FOUND.with("x")).param()).contains("model");
    assertThat(OpenAiError.of(ProblemCode.UNAUTHORIZED.with("x")).param()).isEmpty();
  }
}
