package io.sluice.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.gateway.problem.OpenAiError;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.submit.Faults;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhrasingTest {
  private static final Phrasing PHRASING =
      new Phrasing(
          Map.of("/max_output_tokens", "/max_tokens", "/format", "/response_format"), "messages");

  @ParameterizedTest
  @CsvSource({
    "/max_output_tokens, max_tokens",
    "/max_output_tokens_x, max_output_tokens_x",
    "/format/type, response_format.type",
    "/messages/3/images/1, messages[3].content",
    "/messages/0/thinking, messages[0].reasoning_content",
    "/messages/0/content, messages[0].content",
    "/model, model"
  })
  void a_fault_of_the_job_is_one_of_the_request(String pointer, String param) {
    Faults faults = new Faults();
    faults.add(pointer, "It is odd.");
    OpenAiError error = OpenAiError.of(PHRASING.apply(faults.problem()));
    assertThat(error.param()).contains(param);
    assertThat(error.message()).isEqualTo("'" + param + "': It is odd.");
  }

  @Test
  void a_prompt_that_is_too_long_is_the_fault_of_its_parameter() {
    Problem tooLong = ProblemCode.CONTEXT_LENGTH_EXCEEDED.with("It is too long.");
    assertThat(OpenAiError.of(PHRASING.apply(tooLong)).param()).contains("messages");
    Problem other = ProblemCode.STORE_UNAVAILABLE.with("x");
    assertThat(PHRASING.apply(other)).isEqualTo(other);
  }
}
