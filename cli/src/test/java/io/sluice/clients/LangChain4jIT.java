package io.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The client Maven {@code dev.langchain4j:langchain4j-ollama}, as published. */
class LangChain4jIT extends DropInContract {
  @Override
  Driver driver() {
    return (target, names) -> new LangChain4jCases(target).run(names);
  }

  @Override
  String[] more() {
    return new String[] {"show"};
  }

  @Test
  void a_model_is_shown() {
    assertThat(cases().answered("show").path("family").asText()).isEqualTo("qwen3");
  }
}
