package io.sluice.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.Captured;
import io.sluice.codec.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanCommandTest {
  /** Nothing answers at port 1. */
  private static Captured plan(String... arguments) {
    List<String> all = new ArrayList<>(List.of("plan", "--engine", "http://127.0.0.1:1"));
    all.addAll(List.of(arguments));
    return Captured.run(Map.of(), all.toArray(String[]::new));
  }

  @Test
  void the_table_of_a_gpu_is_shown_with_what_limits_it_and_how_to_run_the_engine() {
    Captured plan = plan("--gpu", "24GiB");
    assertThat(plan.exit()).isZero();
    assertThat(plan.out())
        .contains("f16         21    *10      5      2      2      0    87,945")
        .contains("Chosen: 10 slots for qwen3:14b@8k with f16")
        .contains("OLLAMA_NUM_PARALLEL=10", "OLLAMA_CONTEXT_LENGTH=8192", "num_ctx 8192")
        .contains("sluice up --model qwen3:14b@8k --slots 10");
    assertThat(plan.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void the_type_of_keys_and_values_and_the_context_are_chosen() {
    JsonNode plan =
        Json.parse(
            plan("--gpu", "24GiB", "--kv", "q8_0", "--model", "qwen3:14b@16k", "--json").out());
    assertThat(plan.at("/chosen/slots").asInt()).isEqualTo(10);
    assertThat(plan.at("/chosen/environment/OLLAMA_KV_CACHE_TYPE").asText()).isEqualTo("q8_0");
  }

  @Test
  void where_not_even_one_fits_nothing_is_recommended() {
    assertThat(plan("--gpu", "8GiB").out())
        .contains("0 slots", "move layers to the CPU")
        .doesNotContain("OLLAMA_NUM_PARALLEL");
  }

  @Test
  void a_model_that_nobody_tells_of_has_no_plan() {
    Captured plan = plan("--gpu", "24GiB", "--model", "mystery:7b");
    assertThat(plan.exit()).isNotZero();
    assertThat(plan.err()).contains("no plan for mystery:7b", "no engine answers", "qwen3:14b");
  }

  @Test
  void what_is_no_memory_is_told_together_with_every_other_problem() {
    assertThat(plan("--gpu", "24x", "--kv", "z").err())
        .contains("--gpu: '24x' is no memory", "--kv: 'z' is none of");
  }
}
