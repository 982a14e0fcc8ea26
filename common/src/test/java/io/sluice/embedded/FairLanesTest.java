package io.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.JobClass;
import io.sluice.Lane;
import io.sluice.LaneOrder.Ask;
import io.sluice.LaneOrder.Charge;
import io.sluice.LaneOrder.Share;
import io.sluice.LaneOrder.Turn;
import io.sluice.Pool;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sixteen slots in virtual time, with lengths that vary as those of chats do. */
class FairLanesTest {
  private static final Pool POOL = Pool.parse("m:1b");
  private static final int SLOTS = 16;
  private static final long ESTIMATE = 600;

  private final FairLanes lanes = new FairLanes();
  private final Map<Integer, Queue<Long>> waiting = new HashMap<>();
  private final PriorityQueue<Running> running =
      new PriorityQueue<>(Comparator.comparingLong(Running::ends));
  private final Map<Integer, Long> used = new HashMap<>();
  private final Map<Integer, Long> longestWait = new HashMap<>();
  private final Map<Integer, Integer> weights = new HashMap<>();
  private long now;
  private long slowness = 1;

  private record Running(Turn turn, int lane, long cost, long ends) {}

  /** Mean 600, squared coefficient of variation 1.5. */
  private static long length(Random random) {
    double sigma2 = Math.log(2.5);
    return 1 + Math.round(600 * Math.exp(Math.sqrt(sigma2) * random.nextGaussian() - sigma2 / 2));
  }

  private static String tenant(int lane) {
    return "t" + lane;
  }

  private void arrives(int lane) {
    waiting.computeIfAbsent(lane, first -> new ArrayDeque<>()).add(now);
    lanes.offered(
        new Lane.Ready(POOL, JobClass.INTERACTIVE, lane),
        new Share(tenant(lane), weights.getOrDefault(lane, 1), OptionalInt.empty()),
        now);
  }

  private void fill(Random random) {
    while (running.size() < SLOTS) {
      Turn turn = lanes.next(Ask.any(Set.of(POOL)), now).orElse(null);
      if (turn == null) {
        return;
      }
      if (turn.lane() instanceof Lane.Ready ready && !waiting(ready.number()).isEmpty()) {
        start(turn, ready.number(), length(random));
      } else {
        lanes.emptied(turn, now);
      }
    }
  }

  private Queue<Long> waiting(int lane) {
    return waiting.getOrDefault(lane, new ArrayDeque<>());
  }

  private void start(Turn turn, int lane, long cost) {
    longestWait.merge(lane, now - waiting(lane).remove(), Math::max);
    lanes.charge(turn, new Charge.Pulled(tenant(lane), ESTIMATE), now);
    running.add(new Running(turn, lane, cost, now + 2 * slowness * cost));
  }

  private void end() {
    Running over = running.remove();
    now = Math.max(now, over.ends());
    used.merge(over.lane(), over.cost(), Long::sum);
    lanes.charge(over.turn(), new Charge.Ended(tenant(over.lane()), ESTIMATE, over.cost()), now);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void who_always_waits_gets_tokens_by_weight_within_five_percent(long seed) {
    Random random = new Random(seed);
    weights.putAll(Map.of(0, 1, 1, 2, 2, 4, 3, 8));
    for (int n = 0; n < 20_000; n++) {
      for (int lane = 0; lane < 4; lane++) {
        if (waiting(lane).size() < 2) {
          arrives(lane);
        }
      }
      fill(random);
      end();
    }
    double all = used.values().stream().mapToLong(Long::longValue).sum();
    weights.forEach(
        (lane, weight) ->
            assertThat(used.get(lane) / all * 15 / weight)
                .as("share of weight %s", weight)
                .isBetween(0.95, 1.05));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void weights_count_where_jobs_are_so_slow_that_every_lane_comes_of_age(long seed) {
    Random random = new Random(seed);
    slowness = 100;
    weights.putAll(Map.of(8, 8, 9, 32));
    for (int n = 0; n < 10_000; n++) {
      for (int lane = 0; lane < 10; lane++) {
        if (waiting(lane).size() < 2) {
          arrives(lane);
        }
      }
      fill(random);
      end();
    }
    assertThat((double) used.get(9) / used.get(8)).isBetween(3.0, 4.5);
    assertThat((double) used.get(8) / used.get(0)).isGreaterThan(3);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void a_flood_makes_another_tenant_wait_for_a_slot_but_not_for_the_flood(long seed) {
    Random random = new Random(seed);
    for (int n = 0; n < 5_000; n++) {
      arrives(0);
    }
    for (int n = 0; n < 4_000; n++) {
      if (random.nextInt(8) == 0) {
        arrives(1);
      }
      fill(random);
      end();
    }
    assertThat(waiting(0).size()).as("the flood still waits").isGreaterThan(1_000);
    assertThat(longestWait.get(1)).as("ms").isLessThan(5_000);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void a_lane_gets_a_turn_within_its_minute_whatever_the_weights(long seed) {
    Random random = new Random(seed);
    weights.put(0, 1);
    weights.put(1, 1_000);
    weights.put(2, 1_000);
    long lastTurn = 0;
    long longest = 0;
    for (int n = 0; n < 20_000; n++) {
      for (int lane = 0; lane < 3; lane++) {
        if (waiting(lane).isEmpty()) {
          arrives(lane);
        }
      }
      long before = waiting(0).peek();
      fill(random);
      if (waiting(0).isEmpty() || waiting(0).peek() != before) {
        longest = Math.max(longest, now - lastTurn);
        lastTurn = now;
      }
      end();
    }
    assertThat(longest).isBetween(FairLanes.AGEING.toMillis(), FairLanes.AGEING.toMillis() + 2_000);
  }
}
