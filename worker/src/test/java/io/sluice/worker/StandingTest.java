package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StandingTest {
  @Test
  void a_job_is_a_suspect_from_its_first_loss_and_on_its_last_chance_before_its_third() {
    assertThat(Standing.of(0, false)).isEqualTo(Standing.PLAIN);
    assertThat(Standing.of(1, false)).isEqualTo(Standing.SUSPECT);
    assertThat(Standing.of(2, false)).isEqualTo(Standing.LAST_CHANCE);
  }

  @Test
  void whoever_was_there_again_and_again_is_a_suspect_and_never_on_its_last_chance_for_that() {
    assertThat(Standing.of(0, true)).isEqualTo(Standing.SUSPECT);
  }
}
