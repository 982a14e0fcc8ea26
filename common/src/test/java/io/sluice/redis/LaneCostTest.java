package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.JobClass;
import io.sluice.Jobs;
import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.LaneOrder.Ask;
import io.sluice.LaneOrder.Charge;
import io.sluice.LaneOrder.Share;
import io.sluice.LaneOrder.Turn;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a turn costs the Redis server, by its own count; prints it. */
class LaneCostTest {
  private static final Logger LOG = LoggerFactory.getLogger(LaneCostTest.class);
  private static final int TURNS = 2_000;
  private static final Pattern EVALSHA =
      Pattern.compile("cmdstat_evalsha:calls=(\\d+),usec=(\\d+)");

  @Test
  void turns_are_given_and_charged_over_any_number_of_lanes() {
    try (RedisFixture redis = RedisFixture.open(Admission.Bounds.DEFAULT)) {
      LaneOrder order = redis.redis.laneOrder();
      for (int lanes : new int[] {1, 8, Lane.NUMBERS - Lane.SHARED}) {
        for (int n = 0; n < lanes; n++) {
          offer(order, n, OptionalInt.empty());
        }
        measure(redis, order, lanes + " lanes");
      }
      for (int n = 1; n < Lane.NUMBERS - Lane.SHARED; n++) {
        offer(order, n, OptionalInt.of(0));
      }
      measure(redis, order, "27 lanes at their tenants' bounds, and one more");
    }
  }

  private static void offer(LaneOrder order, int number, OptionalInt runningMax) {
    Lane lane = new Lane.Ready(Jobs.POOL, JobClass.INTERACTIVE, number);
    await(order.offered(lane, new Share("t" + number, 1, runningMax)));
  }

  private static void measure(RedisFixture redis, LaneOrder order, String what) {
    long[] before = evaluated(redis);
    for (int n = 0; n < TURNS; n++) {
      ready(order);
    }
    long[] turns = evaluated(redis);
    assertThat(turns[0] - before[0]).isGreaterThanOrEqualTo(TURNS);
    for (int n = 0; n < TURNS; n++) {
      Turn turn = ready(order);
      await(order.charge(turn, new Charge.Pulled("t", 500)));
    }
    long[] both = evaluated(redis);
    LOG.info(
        "{}: next {} µs, charge {} µs",
        what,
        (turns[1] - before[1]) / TURNS,
        (both[1] - turns[1] - (turns[1] - before[1])) / TURNS);
  }

  /** A turn of a ready lane; retry lanes are found empty on the way, twice in five seconds. */
  private static Turn ready(LaneOrder order) {
    Turn turn = await(order.next(Ask.any(Set.of(Jobs.POOL)))).orElseThrow();
    while (turn.lane() instanceof Lane.Retry) {
      await(order.emptied(turn));
      turn = await(order.next(Ask.any(Set.of(Jobs.POOL)))).orElseThrow();
    }
    return turn;
  }

  /** Calls of scripts, and the microseconds that they took. */
  private static long[] evaluated(RedisFixture redis) {
    Matcher counts = EVALSHA.matcher(redis.lua("return redis.call('INFO', 'commandstats')"));
    assertThat(counts.find()).isTrue();
    return new long[] {Long.parseLong(counts.group(1)), Long.parseLong(counts.group(2))};
  }
}
