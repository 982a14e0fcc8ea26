package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.Conversation;
import io.sluice.JobClass;
import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.LaneOrder.Ask;
import io.sluice.LaneOrder.Charge;
import io.sluice.LaneOrder.Share;
import io.sluice.LaneOrder.Turn;
import io.sluice.WarmLanes.Presence;
import io.sluice.WarmSessions.Host;
import io.sluice.golden.Golden;
import io.sluice.golden.Scene;
import io.sluice.tls.ClientTls;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Workers of several versions that share lanes, warm conversations and offices on one Redis. */
class GoldenLanesTest {
  private static final String FILE = "lanes.json";
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration WAIT = Duration.ofMillis(250);
  private static final Lane OWN = new Lane.Ready(Scene.POOL, JobClass.INTERACTIVE, 3);
  private static final Lane SHARED = new Lane.Ready(Scene.POOL, JobClass.INTERACTIVE, 30);
  private static final Lane RETRY = new Lane.Retry(Scene.POOL, JobClass.BATCH);
  private static final Share ACME = new Share("acme", 3, OptionalInt.of(2));
  private static final Share OTHER = new Share("other", 1, OptionalInt.empty());
  private static final Conversation TALK = new Conversation(Scene.POOL, "acme", "chat-1");

  private RedisFixture redis;
  private Connection connection;
  private LaneOrder order;
  private RedisWarmSessions sessions;
  private RedisWarmLanes lanes;
  private RedisElections elections;

  @BeforeEach
  void open() {
    redis = RedisFixture.open(Admission.Bounds.DEFAULT);
    redis.flush();
    connection = Connection.open(RedisAddress.parse(redis.server().uri()), ClientTls.DEFAULT);
    Scripts at = redis.at(() -> Scene.TIME);
    order = new RedisLaneOrder(at, new LaneWakes(connection));
    sessions = new RedisWarmSessions(at);
    lanes = new RedisWarmLanes(patient(at), connection);
    elections = new RedisElections(at);
  }

  /** With signs of life that count for longer than this machine may need to look at them. */
  private static Scripts patient(Scripts at) {
    return (script, arguments) -> {
      Object[] given = arguments.clone();
      if (script == Script.WARM_PRESENT) {
        given[2] = LONG.toMillis();
      }
      return at.call(script, given);
    };
  }

  @AfterEach
  void close() {
    connection.close();
    redis.close();
  }

  private Turn turn() {
    return await(order.next(new Ask(Set.of(Scene.POOL), Set.of(JobClass.INTERACTIVE))))
        .orElseThrow();
  }

  private void play() {
    await(order.offered(OWN, ACME));
    await(order.offered(SHARED, OTHER));
    await(order.offered(SHARED, OTHER));
    await(order.offered(RETRY, Share.UNKNOWN));
    await(order.emptied(turn()));
    await(order.charge(turn(), new Charge.Pulled("acme", 500)));
    Turn ended = turn();
    await(order.charge(ended, new Charge.Pulled("other", 300)));
    await(order.charge(ended, new Charge.Ended("other", 300, 700)));
    assertThat(turn().lane()).isEqualTo(OWN);
    await(sessions.served(TALK, "gpu-1", 1200));
    await(lanes.present("gpu-1", Optional.of(WAIT)));
    await(lanes.reserve(0, LONG));
    await(elections.stand("sweeper", "gpu-1", LONG));
  }

  private void goOn() {
    // One of its tenant's two was given already; the other is given now, and no third.
    assertThat(turn().lane()).isEqualTo(OWN);
    Turn shared = turn();
    assertThat(shared.lane()).isEqualTo(SHARED);
    await(order.charge(shared, new Charge.Pulled("other", 300)));
    assertThat(turn().lane()).isEqualTo(SHARED);
    assertThat(await(order.next(Ask.any(Set.of(Scene.POOL)))).orElseThrow().lane())
        .isEqualTo(RETRY);

    assertThat(await(sessions.find(TALK))).contains(new Host("gpu-1", 0, 1200, Optional.of(WAIT)));
    assertThat(await(lanes.reserve(0, WAIT))).isFalse();
    assertThat(await(lanes.present("gpu-1", Optional.empty())))
        .isEqualTo(new Presence(OptionalInt.of(0), true));
    assertThat(await(lanes.present("gpu-2", Optional.empty())).lane()).hasValue(1);
    assertThat(await(elections.stand("sweeper", "gpu-2", LONG))).isFalse();
  }

  @Test
  void what_is_left_in_redis_is_what_this_version_has_always_left_there() {
    play();
    Golden.assertWritten(FILE, RedisKeys.dump(redis));
  }

  static List<String> all() {
    return Golden.all(FILE);
  }

  @ParameterizedTest
  @MethodSource("all")
  void what_an_older_version_left_is_read_and_gone_on_with(String left) {
    RedisKeys.restore(redis, left);
    goOn();
  }

  @ParameterizedTest
  @MethodSource("all")
  void what_a_newer_version_added_disturbs_nobody(String left) {
    RedisKeys.restore(redis, left);
    redis.lua(
        """
        for _, key in ipairs(redis.call('KEYS', 'sluice:lanes:marks:*')) do
          redis.call('HSET', key, 'colour', 'blue', 'colour:03', 'blue')
        end
        return 1""");
    goOn();
  }
}
