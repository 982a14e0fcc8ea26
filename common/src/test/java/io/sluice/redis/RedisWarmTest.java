package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.Conversation;
import io.sluice.Jobs;
import io.sluice.Lane;
import io.sluice.Subscription;
import io.sluice.WarmContract;
import io.sluice.WarmLanes;
import io.sluice.WarmLanes.Presence;
import io.sluice.WarmSessions;
import io.sluice.WarmSessions.Host;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RedisWarmTest extends WarmContract {
  @Override
  protected Fixture open() {
    RedisFixture redis = RedisFixture.open(Admission.Bounds.DEFAULT);
    return new Fixture() {
      @Override
      public WarmSessions sessions() {
        return redis.redis.warmSessions();
      }

      @Override
      public WarmLanes lanes() {
        return redis.redis.warmLanes();
      }

      @Override
      public void close() {
        redis.close();
      }
    };
  }

  private int laneOf(String who) {
    return await(lanes.present(who, Optional.of(WAIT))).lane().orElseThrow();
  }

  @Test
  void who_served_last_is_found_with_its_lane_its_tokens_and_its_wait() {
    await(sessions.served(talk, worker, 100));
    int lane = laneOf(worker);
    assertThat(await(sessions.find(talk))).contains(new Host(worker, lane, 100, Optional.of(WAIT)));
    laneOf("other");
    await(sessions.served(talk, "other", 200));
    assertThat(await(sessions.find(talk)).orElseThrow().worker()).isEqualTo("other");
    await(lanes.present("other", Optional.empty()));
    assertThat(await(sessions.find(talk)).orElseThrow().expectedWait()).isEmpty();
  }

  @Test
  void a_session_of_another_tenant_or_pool_is_another_conversation() {
    await(sessions.served(talk, worker, 100));
    laneOf(worker);
    assertThat(await(sessions.find(new Conversation(Jobs.POOL, "u", talk.session())))).isEmpty();
    assertThat(
            await(
                sessions.find(new Conversation(io.sluice.Pool.parse("m:1b"), "t", talk.session()))))
        .isEmpty();
  }

  @Test
  void each_worker_has_a_lane_of_its_own_and_keeps_it_until_it_leaves() {
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < Lane.Warm.NUMBERS; i++) {
      taken.add(laneOf("w" + i));
    }
    assertThat(taken).hasSize(Lane.Warm.NUMBERS);
    assertThat(await(lanes.present("late", Optional.empty()))).isEqualTo(Presence.NONE);
    int fifth = laneOf("w5");
    assertThat(laneOf("w5")).isEqualTo(fifth);
    await(lanes.leave("w5"));
    assertThat(laneOf("late")).isEqualTo(fifth);
    assertThat(await(lanes.present("w5", Optional.empty()))).isEqualTo(Presence.NONE);
  }

  @Test
  void a_worker_that_gives_no_sign_is_not_found_and_its_lane_is_free() {
    await(sessions.served(talk, worker, 100));
    int lane = laneOf(worker);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> await(sessions.find(talk)).isEmpty());
    assertThat(await(lanes.reserve(lane, WAIT))).isFalse();
    assertThat(laneOf("other")).isEqualTo(lane);
  }

  @Test
  void nothing_is_put_behind_what_may_stay_for_longer() {
    int lane = laneOf(worker);
    assertThat(await(lanes.present(worker, Optional.empty())).waits()).isFalse();
    assertThat(await(lanes.reserve(lane, Duration.ofMinutes(1)))).isTrue();
    assertThat(await(lanes.reserve(lane, Duration.ofSeconds(30)))).isFalse();
    assertThat(await(lanes.reserve(lane, Duration.ofMinutes(2)))).isTrue();
    assertThat(await(lanes.present(worker, Optional.empty())))
        .isEqualTo(new Presence(OptionalInt.of(lane), true));
  }

  @Test
  void what_a_lane_was_reserved_for_is_forgotten_when_it_has_left() {
    int lane = laneOf(worker);
    assertThat(await(lanes.reserve(lane, Duration.ofMillis(200)))).isTrue();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !await(lanes.present(worker, Optional.empty())).waits());
  }

  @Test
  void a_worker_wakes_when_something_was_handed_to_it() {
    AtomicInteger woken = new AtomicInteger();
    AtomicInteger other = new AtomicInteger();
    List<Subscription> both =
        List.of(
            lanes.watch(worker, woken::incrementAndGet),
            lanes.watch("other", other::incrementAndGet));
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                await(lanes.handed(worker));
                return woken.get() > 1;
              });
    } finally {
      both.forEach(Subscription::close);
    }
    // Joining the channel wakes once, since something may have been lost before.
    assertThat(other).hasValueLessThan(2);
  }
}
