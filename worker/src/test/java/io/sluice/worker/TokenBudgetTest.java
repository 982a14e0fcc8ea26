package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.worker.Capacity.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBudgetTest {
  private final ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();

  private Thread fit(Slot slot, long tokens, String name) {
    return Thread.ofVirtual()
        .start(
            () -> {
              if (slot.fit(tokens, () -> true)) {
                order.add(name);
              }
            });
  }

  /** A thousand tokens, where jobs have been small so far. */
  private static TokenBudget smallJobs(int sequences) {
    TokenBudget budget = new TokenBudget(sequences, 1000);
    Slot small = budget.take().orElseThrow();
    small.fit(100, () -> false);
    small.release();
    return budget;
  }

  @Test
  void slots_are_given_while_a_typical_job_fits_and_no_more_than_sequences() {
    TokenBudget budget = new TokenBudget(4, 1000);
    List<Slot> slots = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      slots.add(budget.take().orElseThrow());
    }
    assertThat(budget.take()).isEmpty();
    slots.forEach(slot -> assertThat(slot.fit(10, () -> false)).isTrue());
    assertThat(budget.held()).isEqualTo(40);
    assertThat(budget.take()).isEmpty();
    slots.getFirst().release();
    slots.getFirst().release();
    assertThat(budget.busy()).isEqualTo(3);
    assertThat(budget.take()).isPresent();
  }

  @Test
  void a_budget_that_is_full_gives_no_slot_however_many_sequences_are_free() {
    TokenBudget budget = new TokenBudget(10, 1000);
    Slot large = budget.take().orElseThrow();
    assertThat(large.fit(950, () -> false)).isTrue();
    assertThat(budget.hasRoom()).isFalse();
    assertThat(budget.take()).isEmpty();
    large.release();
    assertThat(budget.hasRoom()).isTrue();
    assertThat(budget.held()).isZero();
  }

  @Test
  void a_job_that_does_not_fit_waits_and_nothing_overtakes_it() {
    TokenBudget budget = smallJobs(10);
    Slot running = budget.take().orElseThrow();
    running.fit(600, () -> false);
    Slot large = budget.take().orElseThrow();
    Slot small = budget.take().orElseThrow();
    Thread first = fit(large, 800, "large");
    await().until(() -> !budget.hasRoom());
    Thread second = fit(small, 300, "small");
    await().until(() -> budget.held() == 600);
    assertThat(budget.take()).as("before the line nobody gets a slot").isEmpty();
    assertThat(order).as("300 would fit, but stand behind").isEmpty();
    running.release();
    await().until(() -> !first.isAlive());
    assertThat(order).containsExactly("large");
    assertThat(budget.held()).isEqualTo(800);
    large.release();
    await().until(() -> !second.isAlive());
    assertThat(order).containsExactly("large", "small");
    assertThat(budget.held()).isEqualTo(300);
  }

  @Test
  void who_gives_up_holds_nothing_and_lets_the_next_one_in() {
    TokenBudget budget = smallJobs(10);
    Slot running = budget.take().orElseThrow();
    running.fit(600, () -> false);
    Slot large = budget.take().orElseThrow();
    assertThat(large.fit(800, () -> false)).isFalse();
    assertThat(budget.held()).isEqualTo(600);
    assertThat(budget.hasRoom()).isTrue();
    large.release();
    assertThat(budget.busy()).isEqualTo(1);
  }

  @Test
  void a_slot_that_is_released_while_it_waits_stops_waiting() {
    TokenBudget budget = smallJobs(10);
    budget.take().orElseThrow().fit(600, () -> false);
    Slot waiting = budget.take().orElseThrow();
    Thread thread = fit(waiting, 900, "never");
    await().until(() -> budget.held() == 600);
    waiting.release();
    await().until(() -> !thread.isAlive());
    assertThat(order).isEmpty();
    assertThat(budget.busy()).isEqualTo(1);
    assertThat(budget.hasRoom()).isTrue();
  }

  @Test
  void a_job_larger_than_the_budget_runs_alone() {
    TokenBudget budget = new TokenBudget(4, 1000);
    Slot huge = budget.take().orElseThrow();
    assertThat(huge.fit(5000, () -> false)).isTrue();
    assertThat(budget.held()).isEqualTo(1000);
    assertThat(budget.take()).isEmpty();
  }

  @Test
  void what_is_typical_follows_the_jobs() {
    TokenBudget budget = new TokenBudget(100, 10_000);
    for (int i = 0; i < 60; i++) {
      Slot slot = budget.take().orElseThrow();
      slot.fit(2000, () -> false);
      slot.release();
    }
    List<Slot> taken = new ArrayList<>();
    for (var slot = budget.take(); slot.isPresent(); slot = budget.take()) {
      taken.add(slot.get());
    }
    assertThat(taken).hasSize(5);
  }

  @Test
  void the_first_job_says_what_is_typical_and_not_the_size_that_the_budget_had() {
    TokenBudget budget = new TokenBudget(8, 80_000);
    budget.resize(4000);
    assertThat(budget.take().orElseThrow().fit(450, () -> false)).isTrue();
    for (int i = 0; i < 7; i++) {
      budget.take().orElseThrow();
    }
    assertThat(budget.held()).isEqualTo(8 * 450);
  }

  @Test
  void more_room_is_told_and_wakes_the_line() {
    TokenBudget budget = smallJobs(4);
    AtomicInteger told = new AtomicInteger();
    budget.onRoom(told::incrementAndGet);
    Slot one = budget.take().orElseThrow();
    one.fit(700, () -> false);
    Slot two = budget.take().orElseThrow();
    Thread waiting = fit(two, 700, "two");
    await().until(() -> budget.held() == 700);
    int before = told.get();
    budget.resize(2000);
    await().until(() -> !waiting.isAlive());
    assertThat(order).containsExactly("two");
    assertThat(told.get()).isGreaterThan(before);
    budget.resize(500);
    assertThat(budget.take()).isEmpty();
    assertThat(budget.held()).isEqualTo(1400);
  }

  /** Many jobs of seeded sizes at once: never above the budget, and all of them run. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void never_above_the_budget_and_nobody_starves(long seed) throws Exception {
    int jobs = 400;
    Random random = new Random(seed);
    TokenBudget budget = new TokenBudget(1 + random.nextInt(12), 2000 + random.nextInt(4000));
    Load load = new Load(budget, new CountDownLatch(jobs));
    List<Long> sizes = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      sizes.add(random.nextInt(10) == 0 ? 1500L + random.nextInt(4000) : 1 + random.nextInt(600));
    }
    ConcurrentLinkedQueue<Long> queue = new ConcurrentLinkedQueue<>(sizes);
    Runnable puller =
        () -> {
          while (!queue.isEmpty()) {
            budget.take().ifPresent(slot -> load.run(slot, queue.poll()));
            Thread.yield();
          }
        };
    for (int i = 0; i < 3; i++) {
      Thread.ofVirtual().start(puller);
    }
    assertThat(load.left.await(60, TimeUnit.SECONDS)).as("everybody ran").isTrue();
    assertThat(load.most.get()).isLessThanOrEqualTo(budget.tokens());
    assertThat(load.sequencesMost.get()).isLessThanOrEqualTo(budget.total());
    await().until(() -> budget.busy() == 0 && budget.held() == 0);
  }

  /** What runs at a time, counted apart from the budget. */
  private record Load(
      TokenBudget budget,
      CountDownLatch left,
      AtomicLong running,
      AtomicLong most,
      AtomicInteger sequences,
      AtomicInteger sequencesMost) {

    Load(TokenBudget budget, CountDownLatch left) {
      this(
          budget,
          left,
          new AtomicLong(),
          new AtomicLong(),
          new AtomicInteger(),
          new AtomicInteger());
    }

    void run(Slot slot, Long size) {
      if (size == null) {
        slot.release();
        return;
      }
      Thread.ofVirtual().start(() -> runNow(slot, Math.min(size, budget.tokens())));
    }

    private void runNow(Slot slot, long tokens) {
      assertThat(slot.fit(tokens, () -> true)).isTrue();
      most.accumulateAndGet(running.addAndGet(tokens), Math::max);
      sequencesMost.accumulateAndGet(sequences.incrementAndGet(), Math::max);
      Thread.yield();
      sequences.decrementAndGet();
      running.addAndGet(-tokens);
      slot.release();
      left.countDown();
    }
  }
}
