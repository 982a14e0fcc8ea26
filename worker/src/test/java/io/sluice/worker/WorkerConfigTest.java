package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.Jobs;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkerConfigTest {
  @Test
  void the_defaults_are_what_the_documentation_says() {
    WorkerConfig config = WorkerConfig.of("w", Set.of(Jobs.POOL));
    assertThat(config.deadlines().firstToken()).isEqualTo(Duration.ofSeconds(120));
    assertThat(config.deadlines().betweenTokens()).isEqualTo(Duration.ofSeconds(120));
    assertThat(config.deadlines().drain()).isEqualTo(Duration.ofSeconds(130));
    assertThat(config.deadlines().giveBack()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.pace().renewal()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.thinkingTokens()).isEqualTo(32_768);
    assertThat(config.pace().idleLook()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.pace().parkAtMost()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.pace().flush()).isEqualTo(Duration.ofMillis(40));
    assertThat(config.pace().probeFirst()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.pace().probeMost()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void every_problem_is_named_at_once() {
    assertThatThrownBy(() -> WorkerConfig.of(" ", Set.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("worker id", "pools");
    assertThatThrownBy(() -> WorkerConfig.of("w", Set.of(Jobs.POOL)).thinkingTokens(0))
        .hasMessageContaining("thinking tokens");
  }

  @Test
  void a_renewal_that_could_lose_its_lease_is_refused() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(
            () ->
                new WorkerConfig.Pace(
                    Duration.ofSeconds(6), second, second, second, second, second))
        .hasMessageContaining("renewal");
  }
}
