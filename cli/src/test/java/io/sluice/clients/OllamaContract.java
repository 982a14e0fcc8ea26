package io.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** What a client of Ollama must get besides. */
abstract class OllamaContract extends DropInContract {
  @Override
  String[] more() {
    return new String[] {"generate", "generate_stream", "show", "running", "pull"};
  }

  @Test
  void the_times_of_an_answer_are_told() {
    assertThat(cases().answered("chat").path("total_nanos").asLong()).isPositive();
    assertThat(cases().answered("stream").path("total_nanos").asLong()).isPositive();
  }

  @Test
  void the_model_that_is_missing_is_named() {
    assertThat(cases().refused("model_missing").path("message").asText()).contains("nobody:1b");
    assertThat(cases().refused("model_missing_stream").path("message").asText())
        .contains("nobody:1b");
  }

  @Test
  void a_single_prompt_is_answered() {
    JsonNode whole = cases().answered("generate");
    assertThat(whole.path("text").asText()).isEqualTo(Asked.answer());
    assertThat(whole.path("finish").asText()).isEqualTo("stop");
    JsonNode stream = cases().answered("generate_stream");
    assertThat(stream.path("text").asText()).isEqualTo(Asked.EVERY_KIND);
    assertThat(stream.path("finish").asText()).isEqualTo("stop");
  }

  @Test
  void a_model_is_shown() {
    JsonNode shown = cases().answered("show");
    assertThat(shown.path("family").asText()).isEqualTo("qwen3");
    assertThat(shown.path("capabilities").toString()).contains("completion", "tools", "thinking");
  }

  @Test
  void loaded_models_are_listed() {
    assertThat(cases().answered("running").path("models").valueStream().map(JsonNode::asText))
        .containsExactlyInAnyOrder(ServedSluice.MODEL, ServedSluice.EMBEDDING_MODEL);
  }

  @Test
  void verbs_that_manage_models_are_refused() {
    assertThat(cases().refused("pull").path("status").asInt()).isEqualTo(403);
  }
}
