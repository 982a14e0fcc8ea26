package io.sluice.gateway.submit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Pool;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsTest {
  private static final Pool BARE = Pool.parse("llama3");
  private static final Pool LATEST = Pool.parse("smollm:latest");
  private static final Pool SMALL = Pool.parse("qwen3:14b");
  private static final Pool LARGE = Pool.parse("qwen3:14b@16k");

  private final Models models = new Models(List.of(BARE, LARGE, LATEST, SMALL));

  @Test
  void a_bare_name_means_all_pools_of_the_model_and_a_context_one_of_them() {
    assertThat(models.named("qwen3:14b")).containsExactly(SMALL, LARGE);
    assertThat(models.named("qwen3:14b@16k")).containsExactly(LARGE);
    assertThat(models.named("qwen3:14b@16384")).containsExactly(LARGE);
  }

  @Test
  void a_model_without_a_tag_and_its_tag_latest_are_one() {
    assertThat(models.named("llama3")).containsExactly(BARE);
    assertThat(models.named("llama3:latest")).containsExactly(BARE);
    assertThat(models.named("smollm")).containsExactly(LATEST);
    assertThat(models.named("smollm:latest")).containsExactly(LATEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":latest",
        "qwen3",
        "qwen3:latest",
        "qwen3:14b:latest",
        "llama3:1b",
        "llama3@16k"
      })
  void what_is_not_served_is_nothing(String name) {
    assertThat(models.named(name)).isEmpty();
  }
}
