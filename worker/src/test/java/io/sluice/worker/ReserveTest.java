package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How many slots batch leaves free. */
class ReserveTest {
  private static final int TOTAL = 16;

  private final Reserve reserve = new Reserve();

  private void came(int jobs, boolean foundFull, int batch) {
    for (int n = 0; n < jobs; n++) {
      reserve.came(foundFull, batch, TOTAL, 0);
    }
  }

  private int slots() {
    return reserve.slots(TOTAL, 0);
  }

  @Test
  void it_is_one_at_first_and_none_of_a_single_slot() {
    assertThat(slots()).isOne();
    assertThat(reserve.slots(2, 0)).isOne();
    assertThat(reserve.slots(1, 0)).isZero();
  }

  @Test
  void it_grows_with_each_job_that_batch_kept_waiting_and_shrinks_with_many_that_it_did_not() {
    came(3, true, 12);
    assertThat(slots()).isEqualTo(4);
    came(190, false, 12);
    assertThat(slots()).isEqualTo(3);
    came(1000, false, 12);
    assertThat(slots()).isOne();
  }

  @Test
  void a_wait_while_batch_holds_nothing_is_none_of_its_doing() {
    came(3, true, 0);
    assertThat(slots()).isOne();
  }

  @Test
  void at_least_one_slot_of_all_is_left_to_batch() {
    came(40, true, 12);
    assertThat(slots()).isEqualTo(TOTAL - 1);
    assertThat(reserve.slots(4, 0)).isEqualTo(3);
  }

  @Test
  void it_gives_way_where_batch_holds_less_than_its_share() {
    came(10, true, 12);
    assertThat(slots()).isGreaterThan(8);
    came(300, true, 1);
    assertThat(slots()).isOne();
  }

  @Test
  void it_is_forgotten_by_half_in_half_an_hour_without_jobs() {
    came(8, true, 12);
    assertThat(slots()).isEqualTo(9);
    assertThat(reserve.slots(TOTAL, Duration.ofMinutes(30).toMillis())).isEqualTo(5);
    assertThat(reserve.slots(TOTAL, Duration.ofHours(3).toMillis())).isOne();
  }
}
