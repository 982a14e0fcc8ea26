package io.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** What a client of OpenAI must get besides. */
abstract class OpenAiContract extends DropInContract {
  @Override
  String[] more() {
    return new String[] {
      "completion", "retrieve", "response", "response_stream", "response_background"
    };
  }

  @Test
  void a_single_prompt_is_answered() {
    JsonNode completion = cases().answered("completion");
    assertThat(completion.path("text").asText()).isEqualTo(Asked.answer());
    assertThat(completion.path("finish").asText()).isEqualTo("stop");
  }

  @Test
  void a_model_is_found_by_its_name() {
    assertThat(cases().answered("retrieve").path("models").path(0).asText())
        .isEqualTo(ServedSluice.MODEL);
  }

  @Test
  void a_response_is_answered() {
    JsonNode whole = cases().answered("response");
    assertThat(whole.path("text").asText()).isEqualTo(Asked.answer());
    assertThat(whole.path("finish").asText()).isEqualTo("completed");
    JsonNode stream = cases().answered("response_stream");
    assertThat(stream.path("text").asText()).isEqualTo(Asked.EVERY_KIND);
    assertThat(stream.path("finish").asText()).isEqualTo("completed");
  }

  @Test
  void a_response_in_the_background_is_there_when_its_caller_comes_back() {
    JsonNode background = cases().answered("response_background");
    assertThat(background.path("first").asText()).isIn("queued", "in_progress");
    assertThat(background.path("text").asText()).isEqualTo(Asked.answer());
    assertThat(background.path("finish").asText()).isEqualTo("completed");
  }

  @Test
  void errors_carry_a_code_that_programs_go_by() {
    assertThat(cases().refused("wrong_key").path("code").asText()).isEqualTo("invalid_api_key");
    assertThat(cases().refused("model_missing").path("code").asText()).isEqualTo("model_not_found");
    assertThat(cases().refused("limit_reached").path("code").asText()).isNotBlank();
  }
}
