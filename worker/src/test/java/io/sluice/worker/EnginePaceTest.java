package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EnginePaceTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final EnginePace pace = new EnginePace();

  @Test
  void what_a_warm_prompt_saves_is_unknown_until_enough_was_read_cold() {
    pace.answered(200, 0, SECOND, SECOND);
    assertThat(pace.saved(100)).isEmpty();
    pace.answered(1000, 900, SECOND, SECOND);
    assertThat(pace.saved(100)).isEmpty();
    pace.answered(200, 0, SECOND, SECOND);
    assertThat(pace.saved(100)).contains(Duration.ofMillis(500));
  }

  @Test
  void large_prompts_count_for_more_than_small_ones() {
    pace.answered(10, 0, SECOND, SECOND);
    pace.answered(10_000, 0, Duration.ofSeconds(10), SECOND);
    assertThat(pace.saved(1000).orElseThrow())
        .isBetween(Duration.ofMillis(1000), Duration.ofMillis(1200));
  }

  @Test
  void where_warm_prompts_are_read_all_the_same_nothing_is_saved_in_the_end() {
    pace.answered(1000, 0, SECOND, SECOND);
    assertThat(pace.saved(1000)).contains(SECOND);
    for (int i = 0; i < 20; i++) {
      pace.answered(1000, 1000, SECOND, SECOND);
    }
    assertThat(pace.saved(1000).orElseThrow()).isLessThan(Duration.ofMillis(20));
    for (int i = 0; i < 20; i++) {
      pace.answered(1000, 1000, Duration.ZERO, SECOND);
    }
    assertThat(pace.saved(1000).orElseThrow()).isGreaterThan(Duration.ofMillis(980));
  }

  @Test
  void the_mean_of_running_times_follows_them() {
    assertThat(pace.meanRun()).isEmpty();
    pace.answered(1, 0, SECOND, Duration.ofSeconds(10));
    assertThat(pace.meanRun()).contains(Duration.ofSeconds(10));
    pace.answered(1, 0, SECOND, Duration.ofSeconds(20));
    assertThat(pace.meanRun()).contains(Duration.ofSeconds(12));
  }
}
