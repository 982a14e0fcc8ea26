package io.sluice.bench.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.embedded.FairLanes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scheduler promises, in virtual time: exact numbers of seeded traces, no timings. */
class ScheduleTest {
  @Test
  void tenants_that_differ_wait_at_most_three_tenths_of_what_round_robin_push_makes_them_wait() {
    Experiments.Waits waits = Experiments.unlike(0.95);

    assertThat(waits.sluice()).isPositive().isLessThan(0.3 * waits.roundRobin());
  }

  /** Where nobody knows which job is short, a third is what any central queue can do. */
  @Test
  void tenants_that_are_alike_wait_as_in_one_queue_and_for_a_third_of_round_robin_push() {
    Experiments.Waits waits = Experiments.alike(0.95);

    assertThat(waits.sluice()).isPositive().isLessThan(0.36 * waits.roundRobin());
    assertThat(waits.sluice()).isLessThan(1.01 * waits.fifo());
  }

  @Test
  void a_flood_costs_another_tenant_at_most_a_twentieth_of_what_one_queue_would() {
    Experiments.Flood flood = Experiments.flood();

    assertThat(flood.sluice()).isPositive().isLessThan(0.05 * flood.fifo());
  }

  @Test
  void shares_are_within_a_twentieth_of_the_weights_with_unequal_lengths_and_wrong_estimates() {
    assertThat(Experiments.shares())
        .hasSize(5)
        .allSatisfy(share -> assertThat(share.off()).as(share.tenant()).isLessThan(0.05));
  }

  @Test
  void a_lane_that_waited_a_minute_goes_within_four_turns_for_each_lane() {
    Experiments.Ageing ageing = Experiments.ageing();

    assertThat(ageing.aged()).as("turns by age").isPositive();
    assertThat(ageing.overtakenMost()).isLessThan(FairLanes.AGED_EVERY * ageing.lanes());
  }

  @Test
  void batch_gets_a_tenth_beside_interactive_and_leaves_a_slot_of_each_worker_free() {
    Experiments.Classes classes = Experiments.classes();

    assertThat(classes.batchShare()).isBetween(0.095, 0.105);
    assertThat(classes.batchMost()).isEqualTo(Simulation.SLOTS - 1);
    assertThat(classes.interactiveP99()).isLessThan(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.2, 0.3})
  void beside_batch_all_but_one_in_a_hundred_interactive_jobs_start_at_once(double load) {
    Experiments.Beside beside = Experiments.besideBatch(load, Simulation.Leaves.WHAT_IT_LEARNED);

    assertThat(beside.p99()).isZero();
    assertThat(beside.batch()).as("of the idle slots").isGreaterThan(0.5 * (1 - load));
  }
}
