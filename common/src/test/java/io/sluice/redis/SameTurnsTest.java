package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.JobClass;
import io.sluice.Lane;
import io.sluice.LaneOrder.Ask;
import io.sluice.LaneOrder.Charge;
import io.sluice.LaneOrder.Share;
import io.sluice.LaneOrder.Turn;
import io.sluice.Pool;
import io.sluice.embedded.FairLanes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts and the rules in memory give the same turns, whatever happens. */
class SameTurnsTest {
  private static final int STEPS = 700;
  private static final List<Pool> POOLS = List.of(Pool.parse("a:1b"), Pool.parse("b/c:2b@16k"));
  private static final int[] NUMBERS = {0, 1, 2, 10, 27, 28, 31};

  /** Reported within the time that the order remembers a turn; later ones are never reported. */
  private static final Duration REPORTED_WITHIN = Duration.ofSeconds(29);

  /** A turn in both; stamps differ. */
  private record Both(Turn memory, Turn redis, long at) {}

  private record Running(Both turn, Charge.Pulled charge) {}

  private final FairLanes memory = new FairLanes();
  private final List<Both> given = new ArrayList<>();
  private final List<Running> running = new ArrayList<>();
  private Random random;
  private VirtualLanes redis;
  private int turns;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void in_memory_and_on_redis_the_same_lane_comes_next(long seed) {
    random = new Random(seed);
    try (VirtualLanes opened = new VirtualLanes()) {
      redis = opened;
      for (int n = 0; n < STEPS; n++) {
        step(n);
      }
      assertThat(turns).isGreaterThan(STEPS / 10);
    }
  }

  private void step(int n) {
    switch (random.nextInt(10)) {
      case 0, 1 -> offer();
      case 2, 3, 4, 5 -> next(n);
      case 6, 7 -> report();
      case 8 -> end();
      default -> redis.letPass(Duration.ofMillis(pause()));
    }
  }

  private long pause() {
    return random.nextInt(8) == 0 ? random.nextInt(90_000) : random.nextInt(400);
  }

  private void offer() {
    Pool pool = POOLS.get(random.nextInt(POOLS.size()));
    JobClass jobClass = JobClass.values()[random.nextInt(2)];
    Lane lane =
        random.nextInt(8) == 0
            ? new Lane.Retry(pool, jobClass)
            : new Lane.Ready(pool, jobClass, NUMBERS[random.nextInt(NUMBERS.length)]);
    Share share =
        random.nextInt(6) == 0
            ? Share.UNKNOWN
            : new Share(tenant(), 1 + random.nextInt(3), runningMax());
    memory.offered(lane, share, redis.millis());
    await(redis.order().offered(lane, share));
  }

  private String tenant() {
    return "t" + random.nextInt(5);
  }

  private OptionalInt runningMax() {
    return random.nextInt(2) == 0 ? OptionalInt.empty() : OptionalInt.of(random.nextInt(3));
  }

  private void next(int n) {
    Set<JobClass> classes = EnumSet.allOf(JobClass.class);
    if (random.nextInt(4) == 0) {
      classes.remove(JobClass.values()[random.nextInt(2)]);
    }
    Ask ask =
        new Ask(
            random.nextInt(3) == 0 ? Set.of(POOLS.getFirst()) : Set.copyOf(POOLS),
            classes,
            random.nextInt(3) == 0);
    Optional<Turn> expected = memory.next(ask, redis.millis());
    Optional<Turn> got = await(redis.order().next(ask));
    assertThat(got.map(Turn::lane)).as("step %d", n).isEqualTo(expected.map(Turn::lane));
    assertThat(got.map(Turn::charged)).as("step %d", n).isEqualTo(expected.map(Turn::charged));
    if (got.isPresent()) {
      turns++;
      given.add(new Both(expected.get(), got.get(), redis.millis()));
    }
  }

  private void report() {
    given.removeIf(turn -> redis.millis() - turn.at() > REPORTED_WITHIN.toMillis());
    if (given.isEmpty()) {
      return;
    }
    Both turn = given.remove(random.nextInt(given.size()));
    int times = 1 + random.nextInt(2);
    if (random.nextInt(2) == 0) {
      for (int n = 0; n < times; n++) {
        memory.emptied(turn.memory(), redis.millis());
        await(redis.order().emptied(turn.redis()));
      }
      return;
    }
    Charge.Pulled pulled = new Charge.Pulled(tenant(), random.nextInt(4000));
    for (int n = 0; n < times; n++) {
      charge(turn, pulled);
    }
    redis.runs(pulled.tenant(), "job_" + turn.redis().stamp());
    running.add(new Running(turn, pulled));
  }

  private void end() {
    if (running.isEmpty()) {
      return;
    }
    Running run = running.remove(random.nextInt(running.size()));
    Charge.Pulled pulled = run.charge();
    int times = 1 + random.nextInt(2);
    Charge.Ended ended = new Charge.Ended(pulled.tenant(), pulled.estimate(), random.nextInt(6000));
    for (int n = 0; n < times; n++) {
      charge(run.turn(), ended);
    }
    redis.ended(pulled.tenant(), "job_" + run.turn().redis().stamp());
  }

  private void charge(Both turn, Charge charge) {
    memory.charge(turn.memory(), charge, redis.millis());
    await(redis.order().charge(turn.redis(), charge));
  }
}
