package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTest {
  @Test
  void job_ids_sort_by_time_and_say_when_they_were_made() {
    Instant now = Instant.ofEpochMilli(1_790_000_000_123L);
    JobId first = JobId.at(now);
    JobId second = JobId.at(now.plusMillis(1));
    assertThat(first).isLessThan(second);
    assertThat(first.createdAt()).isEqualTo(now);
    assertThat(JobId.isValid(first.value())).isTrue();
  }

  @Test
  void a_pool_reads_its_own_text_form_and_has_8k_unless_it_says_otherwise() {
    assertThat(Pool.parse("qwen3:14b")).isEqualTo(new Pool("qwen3:14b", 8192));
    assertThat(Pool.parse("qwen3:14b@16k")).isEqualTo(new Pool("qwen3:14b", 16384));
    assertThat(Pool.parse("a/b:c@1000").contextTokens()).isEqualTo(1000);
    assertThat(Pool.parse("qwen3:14b@16k").toString()).isEqualTo("qwen3:14b@16k");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../x", "evil.example/x/y:z", "a b", "m@", "m@16q", "m@1", "m@9999k"})
  void what_is_no_pool_is_refused(String text) {
    assertThatThrownBy(() -> Pool.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void delays_double_from_the_first_up_to_the_longest() {
    RetryPolicy policy = RetryPolicy.DEFAULT;
    assertThat(policy.delayAfter(1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(policy.delayAfter(2)).isEqualTo(Duration.ofSeconds(2));
    assertThat(policy.delayAfter(3)).isEqualTo(Duration.ofSeconds(4));
    assertThat(policy.delayAfter(50)).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void positions_order_by_fence_and_then_by_number() {
    assertThat(new Position(1, 99)).isLessThan(new Position(2, 0));
    assertThat(new Position(2, 1)).isLessThan(new Position(2, 2));
    assertThat(Position.parse("12.34")).contains(new Position(12, 34));
    assertThat(Position.parse("12")).isEmpty();
    assertThat(Position.parse("-1.2")).isEmpty();
    assertThat(Position.parse("99999999999999999.1")).isEmpty();
  }

  @Test
  void the_ladder_never_waits_longer_than_asked_but_for_its_shortest_rung() {
    assertThat(Lane.Delay.atMost(Duration.ofSeconds(6))).isEqualTo(Lane.Delay.TEN_SECONDS);
    assertThat(Lane.Delay.atMost(Duration.ofSeconds(60))).isEqualTo(Lane.Delay.ONE_MINUTE);
    assertThat(Lane.Delay.atMost(Duration.ofSeconds(299))).isEqualTo(Lane.Delay.ONE_MINUTE);
    assertThat(Lane.Delay.atMost(Duration.ofDays(1))).isEqualTo(Lane.Delay.FIVE_MINUTES);
  }
}
