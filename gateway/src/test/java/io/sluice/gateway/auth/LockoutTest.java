package io.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.gateway.auth.Lockout.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LockoutTest {
  private static final Optional<String> KEY = Optional.of("key");
  private static final String HERE = "192.0.2.1";
  private static final String THERE = "192.0.2.2";
  private static final Duration BLOCK = Duration.ofMinutes(5);

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final InstantSource clock = now::get;
  private final Lockout lockout = new Lockout(10, BLOCK, clock);

  @Test
  void a_network_is_slowed_down_and_then_blocked_once() {
    List<Long> delays = new ArrayList<>();
    int blocks = 0;
    for (int i = 0; i < 12; i++) {
      Outcome outcome = lockout.failed(HERE, Optional.empty(), true);
      delays.add(outcome.delay().toMillis());
      blocks += outcome.block().isPresent() ? 1 : 0;
    }
    assertThat(delays.subList(0, 10))
        .containsExactly(0L, 0L, 100L, 200L, 400L, 800L, 1_600L, 2_000L, 2_000L, 2_000L);
    assertThat(blocks).isEqualTo(1);
    assertThat(waits(HERE, Optional.empty())).contains(BLOCK);
    assertThat(waits(THERE, Optional.empty())).isEmpty();
  }

  @Test
  void a_block_ends_by_itself_and_the_count_with_it() {
    fail(HERE, Optional.empty(), 10);
    assertThat(lockout.blocked()).isEqualTo(1);
    move(BLOCK.minusMillis(1));
    assertThat(waits(HERE, Optional.empty())).contains(Duration.ofMillis(1));
    move(Duration.ofMillis(1));
    assertThat(waits(HERE, Optional.empty())).isEmpty();
    assertThat(lockout.blocked()).isZero();
    fail(HERE, Optional.empty(), 9);
    assertThat(waits(HERE, Optional.empty())).isEmpty();
  }

  @Test
  void who_fails_no_more_often_than_is_allowed_is_never_blocked() {
    for (int i = 0; i < 1_000; i++) {
      fail(HERE, KEY, 1);
      move(Duration.ofSeconds(6));
      assertThat(waits(HERE, KEY)).isEmpty();
    }
  }

  @Test
  void who_fails_a_little_more_often_is_blocked_in_the_end() {
    int tries = 0;
    while (waits(HERE, KEY).isEmpty() && tries++ < 1_000) {
      fail(HERE, KEY, 1);
      move(Duration.ofSeconds(5));
    }
    assertThat(tries).isBetween(10, 70);
  }

  @Test
  void an_ipv6_network_of_64_bits_is_one() {
    for (int i = 0; i < 10; i++) {
      fail("2001:db8:0:1::" + i, Optional.empty(), 1);
    }
    assertThat(waits("2001:db8:0:1:ffff::1", Optional.empty())).isPresent();
    assertThat(waits("2001:db8:0:2::1", Optional.empty())).isEmpty();
  }

  @Test
  void one_stranger_does_not_touch_a_key_elsewhere() {
    fail(HERE, KEY, 1_000);
    assertThat(waits(THERE, KEY)).isEmpty();
    fail(THERE, KEY, 1);
    assertThat(waits(THERE, KEY)).as("even one mistake there").isEmpty();
  }

  @Test
  void a_key_that_is_tried_from_many_places_blocks_each_that_fails_and_for_that_key_only() {
    for (int i = 0; i < 60; i++) {
      fail("10.0.0." + i, KEY, 1);
    }
    assertThat(waits("10.0.0.1", KEY)).as("before there were so many").isEmpty();
    assertThat(waits("10.0.0.59", KEY)).isPresent();
    assertThat(waits("10.0.0.59", Optional.of("other"))).isEmpty();
    assertThat(waits(THERE, KEY)).as("who did not fail").isEmpty();
  }

  @Test
  void success_forgets_what_failed_under_that_name_there_and_nothing_else() {
    fail(HERE, KEY, 5);
    fail(HERE, Optional.of("other"), 4);
    lockout.succeeded(HERE, "key");
    fail(HERE, Optional.of("other"), 5);
    assertThat(waits(HERE, Optional.of("other"))).as("9 of 10").isEmpty();
    lockout.succeeded(HERE, "third");
    fail(HERE, Optional.of("other"), 1);
    assertThat(waits(HERE, Optional.of("other"))).as("10 of 10").isPresent();
  }

  @Test
  void what_was_good_once_blocks_only_its_own_key_there() {
    for (int i = 0; i < 20; i++) {
      lockout.failed(HERE, KEY, false);
    }
    assertThat(waits(HERE, KEY)).isPresent();
    assertThat(waits(HERE, Optional.of("other"))).isEmpty();
    assertThat(waits(HERE, Optional.empty())).isEmpty();
  }

  @Test
  void who_was_let_in_from_there_is_heard_during_a_block() {
    lockout.succeeded(HERE, "key");
    fail(HERE, Optional.of("other"), 10);
    assertThat(waits(HERE, KEY)).isEmpty();
    assertThat(waits(HERE, Optional.of("other"))).isPresent();
    assertThat(waits(HERE, Optional.empty())).isPresent();
  }

  @Test
  void zero_switches_it_off() {
    Lockout off = new Lockout(0, BLOCK, clock);
    for (int i = 0; i < 1_000; i++) {
      assertThat(off.failed(HERE, KEY, true).delay()).isZero();
    }
    assertThat(off.wait(HERE, () -> KEY)).isEmpty();
  }

  @Test
  void a_million_addresses_do_not_grow_the_tables_beyond_their_bound() {
    for (int i = 0; i < 1_000_000; i++) {
      String address = "10." + (i >> 16 & 255) + "." + (i >> 8 & 255) + "." + (i & 255);
      lockout.failed(address, Optional.empty(), true);
      lockout.succeeded(address, "good" + i);
    }
    assertThat(lockout.entries()).isBetween(1_000L, (long) Lockout.ENTRIES_MAX);
  }

  private void fail(String address, Optional<String> key, int times) {
    for (int i = 0; i < times; i++) {
      lockout.failed(address, key, true);
    }
  }

  private Optional<Duration> waits(String address, Optional<String> principal) {
    return lockout.wait(address, () -> principal);
  }

  private void move(Duration by) {
    now.updateAndGet(time -> time.plus(by));
  }
}
