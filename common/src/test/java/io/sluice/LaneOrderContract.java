package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.LaneOrder.Turn;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link LaneOrder} keeps. Each test has pools of its own. */
public abstract class LaneOrderContract {
  /** An order of lanes under test. */
  public interface Fixture extends AutoCloseable {
    LaneOrder order();

    /** Returns when this much of the time has passed by which lanes cool; at most 5 seconds. */
    void letPass(Duration time);

    @Override
    void close();
  }

  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final Pool pool = somePool();
  private final Pool other = somePool();
  private final Lane ready = new Lane.Ready(pool, JobClass.INTERACTIVE, 0);
  private final Lane readyBatch = new Lane.Ready(pool, JobClass.BATCH, 0);
  private final Lane retry = new Lane.Retry(pool, JobClass.INTERACTIVE);
  private final Lane retryBatch = new Lane.Retry(pool, JobClass.BATCH);
  private Fixture fixture;
  private LaneOrder order;

  private static Pool somePool() {
    return new Pool("m" + UUID.randomUUID().toString().replace("-", ""), 8192);
  }

  /** An order of the lanes of these pools. */
  protected abstract Fixture open(List<Pool> pools);

  private List<Lane> looked() {
    return List.of(retry, retryBatch);
  }

  @BeforeEach
  void openOrder() {
    fixture = open(List.of(pool, other));
    order = fixture.order();
  }

  @AfterEach
  void closeOrder() {
    fixture.close();
  }

  @Test
  void every_retry_lane_is_looked_at_even_if_nothing_was_ever_offered() {
    assertThat(seenWithin(LONGEST)).containsAll(looked());
  }

  @Test
  void after_it_was_empty_every_retry_lane_is_looked_at_again() {
    coolAll();
    coolAll();
    assertThat(seenWithin(LONGEST)).containsAll(looked());
  }

  private Set<Lane> seenWithin(Duration time) {
    fixture.letPass(time);
    Set<Lane> seen = new HashSet<>();
    await()
        .atMost(Duration.ofSeconds(15))
        .until(
            () -> {
              next(pool).ifPresent(turn -> seen.add(emptied(turn).lane()));
              return seen.containsAll(looked());
            });
    return seen;
  }

  private Optional<Turn> next(Pool... pools) {
    return await(order.next(LaneOrder.Ask.any(Set.of(pools))));
  }

  private Turn emptied(Turn turn) {
    await(order.emptied(turn));
    return turn;
  }

  /** Finds every lane empty, again and again, until all of them cool for seconds. */
  private void coolAll() {
    for (int n = 0; n < 6; n++) {
      for (Lane lane : looked()) {
        fixture.letPass(Duration.ZERO);
        next(pool).ifPresent(this::emptied);
      }
      drain();
    }
    drain();
  }

  private void drain() {
    await()
        .atMost(Duration.ofSeconds(15))
        .until(
            () -> {
              Optional<Turn> turn = next(pool);
              turn.ifPresent(this::emptied);
              return turn.isEmpty();
            });
  }

  @Test
  void an_offered_lane_is_due_although_it_cooled() {
    coolAll();

    await(order.offered(ready, LaneOrder.Share.UNKNOWN));

    assertThat(next(pool)).map(Turn::lane).contains(ready);
  }

  @Test
  void a_lane_stays_due_until_it_was_empty() {
    coolAll();
    await(order.offered(ready, LaneOrder.Share.UNKNOWN));
    assertThat(next(pool)).map(Turn::lane).contains(ready);
    Turn second = next(pool).orElseThrow();
    assertThat(second.lane()).isEqualTo(ready);

    emptied(second);

    assertThat(next(pool)).map(Turn::lane).isNotEqualTo(Optional.of(ready));
  }

  @Test
  void a_retry_lane_comes_before_the_ready_lanes_of_its_class() {
    coolAll();
    await(order.offered(ready, LaneOrder.Share.UNKNOWN));
    await(order.offered(retry, LaneOrder.Share.UNKNOWN));

    Turn first = next(pool).orElseThrow();
    assertThat(first.lane()).isEqualTo(retry);
    emptied(first);
    assertThat(next(pool)).map(Turn::lane).contains(ready);
  }

  @Test
  void a_worker_is_sent_only_to_its_own_pools() {
    coolAll();
    Lane foreign = new Lane.Ready(other, JobClass.INTERACTIVE, 0);
    await(order.offered(foreign, LaneOrder.Share.UNKNOWN));

    assertThat(next(pool)).map(Turn::lane).isNotEqualTo(Optional.of(foreign));
    assertThat(due(pool, other)).contains(foreign);
    assertThat(await(order.next(LaneOrder.Ask.any(Set.of())))).isEmpty();
  }

  private Set<Lane> due(Pool... pools) {
    Set<Lane> seen = new HashSet<>();
    for (int n = 0; n < 8; n++) {
      next(pools).ifPresent(turn -> seen.add(emptied(turn).lane()));
    }
    return seen;
  }

  @Test
  void a_lane_that_was_offered_since_its_turn_does_not_cool() {
    coolAll();
    await(order.offered(ready, LaneOrder.Share.UNKNOWN));
    Turn stale = next(pool).orElseThrow();
    await(order.offered(ready, LaneOrder.Share.UNKNOWN));

    emptied(stale);

    assertThat(next(pool)).map(Turn::lane).contains(ready);
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
                await(order.offered(lane, LaneOrder.Share.UNKNOWN));
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
              await(order.offered(ready, LaneOrder.Share.UNKNOWN));
              return open.get() > 0;
            });

    assertThat(closed).hasValue(before);
    second.close();
  }
}
