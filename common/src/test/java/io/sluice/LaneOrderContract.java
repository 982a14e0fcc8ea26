package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.LaneOrder.Ask;
import io.sluice.LaneOrder.Charge;
import io.sluice.LaneOrder.Share;
import io.sluice.LaneOrder.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link LaneOrder} keeps of lanes that are offered, named and found empty; who goes
 * first is in {@link FairSharesContract}. Each test has pools of its own, in a time that it moves.
 */
public abstract class LaneOrderContract {
  /** An order of lanes under test. */
  public interface Fixture extends AutoCloseable {
    LaneOrder order();

    /** Returns when this much of the time has passed by which lanes cool. */
    void letPass(Duration time);

    @Override
    void close();
  }

  private static final Duration MOMENT = Duration.ofMillis(1);

  private final Pool pool = somePool();
  private final Pool other = somePool();
  private final Lane ready = new Lane.Ready(pool, JobClass.INTERACTIVE, 0);
  private final Lane retry = new Lane.Retry(pool, JobClass.INTERACTIVE);
  private final Lane retryBatch = new Lane.Retry(pool, JobClass.BATCH);
  private Fixture fixture;
  private LaneOrder order;

  private static Pool somePool() {
    return new Pool("m" + UUID.randomUUID().toString().replace("-", ""), 8192);
  }

  /** An order of the lanes of these pools. */
  protected abstract Fixture open(List<Pool> pools);

  @BeforeEach
  void openOrder() {
    fixture = open(List.of(pool, other));
    order = fixture.order();
  }

  @AfterEach
  void closeOrder() {
    fixture.close();
  }

  private void offer(Lane lane) {
    await(order.offered(lane, Share.UNKNOWN));
  }

  private Optional<Turn> next(Pool... pools) {
    return await(order.next(Ask.any(Set.of(pools))));
  }

  private Optional<Lane> lane() {
    return next(pool).map(Turn::lane);
  }

  /** The next turn's lane, which then is found empty. */
  private Optional<Lane> emptiedLane(Pool... pools) {
    Optional<Turn> turn = next(pools);
    turn.ifPresent(this::empty);
    return turn.map(Turn::lane);
  }

  private void empty(Turn turn) {
    await(order.emptied(turn));
  }

  /** So that retry lanes are out of the way for this moment. */
  private void emptyRetryLanes(Pool... pools) {
    Optional<Turn> turn = next(pools);
    while (turn.isPresent() && turn.get().lane() instanceof Lane.Retry) {
      empty(turn.get());
      turn = next(pools);
    }
    assertThat(turn).isEmpty();
  }

  /** The next turn of a ready lane; retry lanes are found empty on the way. */
  private Optional<Turn> nextReady() {
    Optional<Turn> turn = next(pool);
    while (turn.isPresent() && turn.get().lane() instanceof Lane.Retry) {
      empty(turn.get());
      turn = next(pool);
    }
    return turn;
  }

  /** The lane is due in exactly so long. */
  private void assertCools(long millis) {
    fixture.letPass(Duration.ofMillis(millis).minus(MOMENT));
    assertThat(nextReady()).as("a moment before %d ms", millis).isEmpty();
    fixture.letPass(MOMENT);
    assertThat(nextReady()).as("after %d ms", millis).map(Turn::lane).contains(ready);
  }

  @Test
  void every_retry_lane_is_named_once_although_nothing_was_offered() {
    assertThat(emptiedLane(pool)).contains(retry);
    assertThat(emptiedLane(pool)).contains(retryBatch);
    assertThat(next(pool)).isEmpty();
  }

  @Test
  void no_ready_lane_is_named_that_was_not_offered() {
    emptyRetryLanes(pool);
    for (int minute = 0; minute < 5; minute++) {
      fixture.letPass(Duration.ofMinutes(1));
      assertThat(nextReady()).isEmpty();
    }
  }

  @Test
  void an_empty_retry_lane_cools_twice_as_long_each_time_up_to_five_seconds() {
    for (long millis : new long[] {250, 500, 1000, 2000, 4000, 5000, 5000}) {
      assertThat(emptiedLane(pool)).contains(retry);
      assertThat(emptiedLane(pool)).contains(retryBatch);
      fixture.letPass(Duration.ofMillis(millis).minus(MOMENT));
      assertThat(next(pool)).as("a moment before %d ms", millis).isEmpty();
      fixture.letPass(MOMENT);
    }
    assertThat(lane()).contains(retry);
  }

  @Test
  void an_empty_ready_lane_cools_twice_as_long_each_time_and_is_then_forgotten() {
    offer(ready);
    for (long millis : new long[] {250, 500, 1000, 2000, 4000}) {
      empty(nextReady().orElseThrow());
      assertCools(millis);
    }
    empty(nextReady().orElseThrow());
    fixture.letPass(Duration.ofMinutes(5));
    assertThat(nextReady()).isEmpty();
    offer(ready);
    empty(nextReady().orElseThrow());
    assertCools(250);
  }

  @Test
  void an_offered_lane_is_due_although_it_cools_and_cools_shortly_the_next_time() {
    offer(ready);
    empty(nextReady().orElseThrow());
    fixture.letPass(Duration.ofMillis(250));
    empty(nextReady().orElseThrow());
    assertThat(nextReady()).isEmpty();

    offer(ready);
    Optional<Turn> turn = nextReady();
    assertThat(turn).map(Turn::lane).contains(ready);
    empty(turn.orElseThrow());
    assertCools(250);
  }

  @Test
  void a_lane_in_which_a_job_was_found_cools_shortly_the_next_time() {
    offer(ready);
    empty(nextReady().orElseThrow());
    fixture.letPass(Duration.ofMillis(250));
    await(order.charge(nextReady().orElseThrow(), new Charge.Pulled("t", 100)));
    empty(nextReady().orElseThrow());
    assertCools(250);
  }

  @Test
  void what_is_found_empty_twice_by_one_turn_cools_once() {
    offer(ready);
    Turn turn = nextReady().orElseThrow();
    empty(turn);
    empty(turn);
    assertCools(250);
  }

  @Test
  void a_lane_stays_due_until_it_was_empty() {
    emptyRetryLanes(pool);
    offer(ready);
    for (int n = 0; n < 3; n++) {
      assertThat(lane()).contains(ready);
    }
    assertThat(emptiedLane(pool)).contains(ready);
    assertThat(next(pool)).isEmpty();
  }

  @Test
  void a_retry_lane_comes_before_the_ready_lanes_of_its_class() {
    emptyRetryLanes(pool);
    offer(ready);
    offer(retry);

    for (int n = 0; n < 3; n++) {
      assertThat(lane()).contains(retry);
    }
    assertThat(emptiedLane(pool)).contains(retry);
    assertThat(lane()).contains(ready);
  }

  @Test
  void a_retry_lane_does_not_come_before_the_ready_lanes_of_another_class() {
    emptyRetryLanes(pool);
    offer(ready);
    offer(retryBatch);

    assertThat(lane()).contains(ready);
    assertThat(emptiedLane(pool)).contains(retryBatch);
    assertThat(lane()).contains(ready);
  }

  @Test
  void a_worker_is_sent_only_to_its_own_pools() {
    emptyRetryLanes(pool, other);
    Lane foreign = new Lane.Ready(other, JobClass.INTERACTIVE, 0);
    offer(foreign);

    assertThat(next(pool)).isEmpty();
    assertThat(next()).isEmpty();
    assertThat(await(order.next(new Ask(Set.of(pool, other), Set.of())))).isEmpty();
    assertThat(next(pool, other)).map(Turn::lane).contains(foreign);
    assertThat(next(other)).map(Turn::lane).contains(foreign);
  }

  @Test
  void a_lane_that_was_offered_since_its_turn_does_not_cool() {
    for (Lane lane : List.of(ready, retry)) {
      emptyRetryLanes(pool);
      offer(lane);
      Turn stale = next(pool).orElseThrow();
      offer(lane);

      empty(stale);

      assertThat(emptiedLane(pool)).contains(lane);
      assertThat(next(pool)).as("a turn that was given since makes it cool").isEmpty();
    }
  }

  @Test
  void lanes_that_nobody_pulls_from_and_turns_that_nobody_was_given_change_nothing() {
    emptyRetryLanes(pool);
    offer(Lane.Delay.TEN_SECONDS);
    offer(Lane.Aside.POISON);
    assertThat(next(pool)).isEmpty();

    offer(ready);
    Turn invented = new Turn(ready, 7, 1_000_000);
    empty(invented);
    await(order.charge(invented, new Charge.Pulled("nobody", 5)));
    await(order.charge(invented, new Charge.Ended("nobody", 5, 1_000_000)));
    assertThat(next(pool)).isPresent().get().extracting(Turn::lane).isEqualTo(ready);
  }

  @Test
  void a_watcher_wakes_when_something_is_offered() {
    AtomicInteger woken = new AtomicInteger();
    Subscription watching = order.watch(Set.of(pool), woken::incrementAndGet);

    for (Lane lane : List.of(ready, retryBatch)) {
      int before = woken.get();
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () -> {
                await(order.offered(lane, Share.UNKNOWN));
                return woken.get() > before;
              });
    }

    watching.close();
    watching.close();
  }

  @Test
  void a_closed_watcher_is_not_called_any_more() {
    AtomicInteger closed = new AtomicInteger();
    AtomicInteger open = new AtomicInteger();
    Subscription first = order.watch(Set.of(pool), closed::incrementAndGet);
    Subscription second = order.watch(Set.of(pool), open::incrementAndGet);

    first.close();
    int before = closed.get();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              await(order.offered(ready, Share.UNKNOWN));
              return open.get() > 0;
            });

    assertThat(closed).hasValue(before);
    second.close();
  }
}
