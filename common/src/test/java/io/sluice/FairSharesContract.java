package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.LaneOrder.Ask;
import io.sluice.LaneOrder.Charge;
import io.sluice.LaneOrder.Share;
import io.sluice.LaneOrder.Turn;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who goes next, rule by rule: what every {@link LaneOrder} keeps. */
public abstract class FairSharesContract {
  /** An order of lanes in a time that the test moves. */
  public interface Fixture extends LaneOrderContract.Fixture {
    /** A job of the tenant runs from now on, where the order asks the store for that. */
    default void runs(String tenant, String job) {}

    /** It runs no more. */
    default void ended(String tenant, String job) {}
  }

  private static final Pool POOL = Pool.parse("hf.co/team-x:q4_0@16k");
  private static final Lane FIRST = lane(JobClass.INTERACTIVE, 0);
  private static final Lane SECOND = lane(JobClass.INTERACTIVE, 1);
  private static final Lane TENTH = lane(JobClass.INTERACTIVE, 10);
  private static final Lane SHARED = lane(JobClass.INTERACTIVE, Lane.NUMBERS - 1);
  private static final Lane BATCH = lane(JobClass.BATCH, 0);
  private static final Lane RETRY = new Lane.Retry(POOL, JobClass.INTERACTIVE);

  private Fixture lanes;

  protected abstract Fixture fixture();

  private static Lane lane(JobClass jobClass, int number) {
    return new Lane.Ready(POOL, jobClass, number);
  }

  @BeforeEach
  void openFixture() {
    lanes = fixture();
    emptyRetryLanes();
  }

  @AfterEach
  void closeFixture() {
    lanes.close();
  }

  /** Until they cool for seconds, so that they are out of the way. */
  private void emptyRetryLanes() {
    Optional<Turn> turn = next();
    while (turn.isPresent()) {
      await(lanes.order().emptied(turn.get()));
      turn = next();
    }
  }

  private Optional<Turn> next() {
    return await(lanes.order().next(Ask.any(Set.of(POOL))));
  }

  private void offer(Lane lane, String tenant, int weight) {
    await(lanes.order().offered(lane, new Share(tenant, weight, OptionalInt.empty())));
  }

  private void offerBounded(Lane lane, String tenant, int runningMax) {
    await(lanes.order().offered(lane, new Share(tenant, 1, OptionalInt.of(runningMax))));
  }

  /** A job was pulled, claimed, and took what was estimated. */
  private Turn serve(String tenant, long tokens) {
    Turn turn = next().orElseThrow();
    pulled(turn, tenant, tokens);
    await(lanes.order().charge(turn, new Charge.Ended(tenant, tokens, tokens)));
    return turn;
  }

  private void pulled(Turn turn, String tenant, long tokens) {
    await(lanes.order().charge(turn, new Charge.Pulled(tenant, tokens)));
  }

  /** How many of so many turns each lane gets, where every job costs the same. */
  private Map<Lane, Integer> turns(int count, long tokens) {
    Map<Lane, Integer> got = new HashMap<>();
    for (int n = 0; n < count; n++) {
      got.merge(serve("t", tokens).lane(), 1, Integer::sum);
    }
    return got;
  }

  @Test
  void lanes_share_by_the_weights_of_their_tenants() {
    offer(FIRST, "a", 3);
    offer(SECOND, "b", 1);
    Map<Lane, Integer> got = turns(80, 500);
    assertThat(got.get(FIRST)).isBetween(59, 61);
    assertThat(got.get(SECOND)).isBetween(19, 21);
  }

  @Test
  void a_shared_lane_weighs_what_its_tenants_weigh_together() {
    offer(SHARED, "a", 1);
    offer(SHARED, "b", 2);
    offer(SHARED, "b", 2);
    offer(TENTH, "c", 1);
    Map<Lane, Integer> got = turns(80, 500);
    assertThat(got.get(SHARED)).isBetween(59, 61);
  }

  @Test
  void a_tenant_that_has_nothing_left_in_a_shared_lane_weighs_there_no_more() {
    offer(SHARED, "a", 1);
    offer(SHARED, "b", 8);
    offer(SHARED, "b", 8);
    assertThat(serve("b", 500).lane()).isEqualTo(SHARED);
    offer(TENTH, "c", 1);
    assertThat(turns(100, 500).get(SHARED)).as("with one of b's").isBetween(88, 92);
    Turn turn = serve("b", 500);
    while (!turn.lane().equals(SHARED)) {
      turn = serve("b", 500);
    }
    assertThat(turns(80, 500).get(SHARED)).as("with a's alone").isBetween(38, 42);
  }

  private Turn turnOf(Lane lane) {
    Turn turn = next().orElseThrow();
    while (!turn.lane().equals(lane)) {
      pulled(turn, "t", 500);
      turn = next().orElseThrow();
    }
    return turn;
  }

  @Test
  void whoever_gets_a_lane_pays_nothing_for_the_jobs_of_the_tenant_before() {
    offer(SECOND, "c", 1);
    offer(FIRST, "a", 1);
    Turn turn = turnOf(FIRST);
    pulled(turn, "a", 500);
    offer(FIRST, "b", 1);
    await(lanes.order().charge(turn, new Charge.Ended("a", 500, 100_000)));
    assertThat(turns(40, 500).get(FIRST)).isBetween(18, 22);

    Turn empty = turnOf(FIRST);
    offer(FIRST, "d", 1);
    await(lanes.order().emptied(empty));
    assertThat(turns(40, 500).get(FIRST)).isBetween(18, 22);

    await(lanes.order().offered(RETRY, new Share("a", 1, OptionalInt.empty())));
    Turn again = turnOf(RETRY);
    pulled(again, "a", 100_000);
    await(lanes.order().emptied(turnOf(RETRY)));
    assertThat(turns(40, 500).get(FIRST)).isBetween(18, 22);
  }

  @Test
  void what_jobs_cost_counts_and_not_how_many_they_are() {
    offer(FIRST, "a", 1);
    offer(SECOND, "b", 1);
    Map<Lane, Long> tokens = new HashMap<>();
    Map<Lane, Integer> count = new HashMap<>();
    for (int n = 0; n < 110; n++) {
      Turn turn = next().orElseThrow();
      long cost = turn.lane().equals(FIRST) ? 4000 : 400;
      pulled(turn, "t", 100);
      await(lanes.order().charge(turn, new Charge.Ended("t", 100, cost)));
      tokens.merge(turn.lane(), cost, Long::sum);
      count.merge(turn.lane(), 1, Integer::sum);
    }
    assertThat((double) tokens.get(FIRST) / tokens.get(SECOND)).isBetween(0.85, 1.18);
    assertThat(count.get(SECOND)).isGreaterThan(8 * count.get(FIRST));
  }

  @Test
  void interactive_gets_nine_of_ten_tokens() {
    offer(FIRST, "a", 1);
    offer(BATCH, "a", 1);
    assertThat(turns(100, 700).get(FIRST)).isBetween(89, 91);
  }

  private void batchAlone(int turns) {
    offer(BATCH, "a", 1);
    for (int n = 0; n < turns; n++) {
      assertThat(serve("a", 1000).lane()).isEqualTo(BATCH);
    }
  }

  @Test
  void what_batch_got_of_idle_slots_counts_against_its_share() {
    batchAlone(20);
    offer(FIRST, "b", 1);
    assertThat(turns(170, 1000).get(FIRST)).isEqualTo(170);
    assertThat(turns(120, 1000).get(BATCH)).as("in its turn again").isBetween(10, 12);
  }

  @Test
  void batch_is_in_its_turn_again_after_a_bounded_time_however_much_it_got_before() {
    batchAlone(500);
    offer(FIRST, "b", 1);
    int credit = (int) (9 * LaneOrder.CREDIT / 1000);
    assertThat(turns(credit - 10, 1000)).containsOnlyKeys(FIRST);
    assertThat(turns(120, 1000).get(BATCH)).isBetween(10, 12);
  }

  @Test
  void a_slot_that_batch_leaves_free_is_not_for_batch_alone() {
    Ask keptFree = new Ask(Set.of(POOL), Set.of(JobClass.values()), true);
    offer(BATCH, "a", 1);
    assertThat(await(lanes.order().next(keptFree))).isEmpty();
    offer(FIRST, "b", 1);
    Map<Lane, Integer> got = new HashMap<>();
    for (int n = 0; n < 100; n++) {
      Turn turn = await(lanes.order().next(keptFree)).orElseThrow();
      pulled(turn, "t", 700);
      await(lanes.order().charge(turn, new Charge.Ended("t", 700, 700)));
      got.merge(turn.lane(), 1, Integer::sum);
    }
    assertThat(got.get(FIRST)).as("where both wait").isBetween(89, 91);
  }

  @Test
  void a_class_without_room_gets_no_turn() {
    offer(BATCH, "a", 1);
    assertThat(await(lanes.order().next(new Ask(Set.of(POOL), Set.of(JobClass.INTERACTIVE)))))
        .isEmpty();
    assertThat(next()).map(Turn::lane).contains(BATCH);
  }

  @Test
  void time_away_earns_nothing() {
    offer(FIRST, "a", 1);
    turns(50, 1000);
    offer(SECOND, "b", 1);
    assertThat(turns(20, 1000).get(SECOND)).isBetween(9, 11);
  }

  @Test
  void a_lane_that_passes_to_another_tenant_starts_without_the_debt_of_the_former() {
    offer(FIRST, "a", 1);
    offer(SECOND, "b", 1);
    turns(2, 1000);
    Turn debt = next().orElseThrow();
    pulled(debt, "a", 1000);
    await(lanes.order().charge(debt, new Charge.Ended("a", 1000, 1_000_000)));
    offer(debt.lane(), "c", 1);
    assertThat(turns(20, 1000).get(debt.lane())).isBetween(9, 11);
  }

  @Test
  void turns_are_charged_at_once_so_that_workers_who_ask_together_are_spread() {
    offer(FIRST, "a", 1);
    offer(SECOND, "b", 1);
    assertThat(List.of(next().orElseThrow().lane(), next().orElseThrow().lane()))
        .containsExactlyInAnyOrder(FIRST, SECOND);
  }

  @Test
  void an_empty_lane_gets_its_provisional_charge_back_once() {
    offer(FIRST, "a", 1);
    offer(SECOND, "b", 1);
    turns(2, 1000);
    Turn turn = next().orElseThrow();
    await(lanes.order().emptied(turn));
    await(lanes.order().emptied(turn));
    offer(turn.lane(), "x", 1);
    assertThat(turns(20, 1000).get(turn.lane())).isBetween(9, 11);
  }

  @Test
  void a_charge_that_is_sent_twice_counts_once() {
    offer(FIRST, "a", 1);
    offer(SECOND, "b", 1);
    Turn turn = next().orElseThrow();
    for (int n = 0; n < 5; n++) {
      pulled(turn, "a", 5000);
    }
    for (int n = 0; n < 5; n++) {
      await(lanes.order().charge(turn, new Charge.Ended("a", 5000, 10_000)));
    }
    assertThat(turns(14, 1000).get(SECOND)).isBetween(11, 13);
  }

  @Test
  void a_lane_is_passed_over_while_its_tenant_runs_as_many_as_it_may() {
    offerBounded(FIRST, "a", 2);
    Turn one = next().orElseThrow();
    Turn two = next().orElseThrow();
    assertThat(next()).as("two turns are given").isEmpty();

    lanes.runs("a", "job_1");
    pulled(one, "a", 1000);
    assertThat(next()).as("one runs, one turn is given").isEmpty();
    await(lanes.order().emptied(two));
    offerBounded(FIRST, "a", 2);
    Turn three = next().orElseThrow();
    lanes.runs("a", "job_3");
    pulled(three, "a", 1000);
    assertThat(next()).as("two run").isEmpty();

    await(lanes.order().charge(one, new Charge.Ended("a", 1000, 1000)));
    lanes.ended("a", "job_1");
    assertThat(next()).map(Turn::lane).contains(FIRST);
  }

  @Test
  void a_lane_that_was_passed_over_has_not_saved_up_service() {
    offerBounded(FIRST, "a", 1);
    offer(SECOND, "b", 1);
    Turn bounded = next().orElseThrow();
    lanes.runs("a", "job_1");
    pulled(bounded, "a", 1000);
    assertThat(turns(50, 1000).get(SECOND)).isEqualTo(50);

    offer(TENTH, "c", 1);
    assertThat(turns(20, 1000).get(TENTH)).as("one that comes now").isBetween(9, 11);
    offer(FIRST, "a", 1);
    assertThat(turns(30, 1000).get(FIRST)).as("the one that may go again").isBetween(9, 11);
  }

  @Test
  void a_class_whose_lanes_are_passed_over_has_not_saved_up_service() {
    offerBounded(BATCH, "a", 1);
    offer(FIRST, "b", 1);
    Turn bounded = next().orElseThrow();
    while (!bounded.lane().equals(BATCH)) {
      pulled(bounded, "b", 1000);
      bounded = next().orElseThrow();
    }
    lanes.runs("a", "job_1");
    pulled(bounded, "a", 1000);
    turns(100, 1000);

    offer(lane(JobClass.BATCH, 1), "c", 1);
    assertThat(turns(100, 1000).get(FIRST)).isBetween(88, 91);
  }

  @Test
  void a_turn_that_nobody_reports_counts_for_half_a_minute() {
    offerBounded(FIRST, "a", 1);
    assertThat(next()).isPresent();
    lanes.letPass(Duration.ofSeconds(29));
    assertThat(await(lanes.order().next(new Ask(Set.of(POOL), Set.of(JobClass.INTERACTIVE)))))
        .map(Turn::lane)
        .isNotEqualTo(Optional.of(FIRST));
    lanes.letPass(Duration.ofSeconds(2));
    emptyRetryLanes();
    offerBounded(FIRST, "a", 1);
    assertThat(next()).map(Turn::lane).contains(FIRST);
  }

  @Test
  void the_bound_of_a_tenant_does_not_stop_a_shared_lane() {
    offerBounded(SHARED, "a", 1);
    assertThat(next()).map(Turn::lane).contains(SHARED);
    assertThat(next()).map(Turn::lane).contains(SHARED);
  }

  @Test
  void a_lane_that_waited_a_minute_goes_first() {
    offer(FIRST, "a", 1000);
    offer(SECOND, "b", 1);
    Turn big = next().orElseThrow();
    pulled(big, "a", 1);
    Turn small = next().orElseThrow();
    while (!small.lane().equals(SECOND)) {
      pulled(small, "a", 1);
      small = next().orElseThrow();
    }
    pulled(small, "b", 1_000_000);
    for (int n = 0; n < 59; n++) {
      lanes.letPass(Duration.ofSeconds(1));
      emptiedRetries();
      assertThat(serve("a", 1).lane()).isEqualTo(FIRST);
    }
    lanes.letPass(Duration.ofSeconds(1));
    assertThat(next()).map(Turn::lane).contains(SECOND);
  }

  @Test
  void three_of_four_turns_go_by_weight_though_all_lanes_are_of_age() {
    offer(FIRST, "a", 1000);
    for (int number = 1; number <= 9; number++) {
      offer(lane(JobClass.INTERACTIVE, number), "t" + number, 1);
    }
    turns(10, 1000);
    lanes.letPass(Duration.ofMinutes(2));
    for (int retries = 0; retries < 2; ) {
      Turn turn = next().orElseThrow();
      if (turn.lane() instanceof Lane.Retry) {
        retries++;
        await(lanes.order().emptied(turn));
      } else {
        pulled(turn, "t", 1000);
      }
    }
    assertThat(turns(12, 1000).get(FIRST)).isBetween(9, 10);
  }

  private void emptiedRetries() {
    Turn turn = next().orElseThrow();
    while (turn.lane() instanceof Lane.Retry) {
      await(lanes.order().emptied(turn));
      turn = next().orElseThrow();
    }
    await(lanes.order().emptied(turn));
    offer(turn.lane(), "a", 1000);
  }

  @Test
  void a_retry_is_charged_to_the_lane_of_its_tenant() {
    offer(FIRST, "a", 1);
    offer(SECOND, "b", 1);
    turns(2, 1000);
    await(lanes.order().offered(RETRY, Share.UNKNOWN));
    Turn retry = next().orElseThrow();
    assertThat(retry.lane()).isEqualTo(RETRY);
    pulled(retry, "a", 10_000);
    lanes.letPass(Duration.ofMillis(1));
    await(lanes.order().emptied(next().orElseThrow()));
    assertThat(turns(10, 1000).get(SECOND)).isEqualTo(10);
  }

  @Test
  void the_pool_that_was_served_longest_ago_comes_first() {
    Pool other = Pool.parse("a:1b");
    Lane there = new Lane.Ready(other, JobClass.INTERACTIVE, 4);
    for (int n = 0; n < 2; n++) {
      Turn retry = await(lanes.order().next(Ask.any(Set.of(other)))).orElseThrow();
      await(lanes.order().emptied(retry));
    }
    offer(FIRST, "a", 1);
    offer(there, "a", 1);
    Ask both = Ask.any(Set.of(POOL, other));
    Lane one = await(lanes.order().next(both)).orElseThrow().lane();
    Lane two = await(lanes.order().next(both)).orElseThrow().lane();
    assertThat(List.of(one, two)).containsExactlyInAnyOrder(FIRST, there);
  }
}
