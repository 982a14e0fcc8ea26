package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission.Decision;
import io.sluice.Admission.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Admission} and {@link Backlog} does about interactive jobs that start too late.
 */
public abstract class PressureContract extends StoreContract {
  private static final Duration TARGET = Duration.ofSeconds(10);
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Enough for every step that there is, up or down. */
  private static final int LONG = 90;

  /** What came in before the flood was noticed starts within this many seconds. */
  private static final int TO_RECOVER = 240;

  private final String flooder = tenant + "-flooder";
  private final String quiet = tenant + "-quiet";

  @Override
  Admission.Bounds bounds() {
    return new Admission.Bounds(20_000, 100_000, TARGET);
  }

  private double pressure() {
    return await(it.backlog().pressure(Jobs.POOL));
  }

  private Job job(String whose) {
    return Jobs.chat(now()).tenant(whose).job();
  }

  private Decision admit(Job job, Limits limits) {
    return await(it.admission().admit(new Admission.Entry(job, limits)));
  }

  private Job admitted(String whose) {
    Job job = job(whose);
    assertThat(admit(job, Limits.NONE)).isInstanceOf(Decision.Admitted.class);
    return job;
  }

  private Decision ask(String whose) {
    return admit(job(whose), Limits.NONE);
  }

  /** Seconds in which nothing starts. */
  private void stall(int seconds) {
    for (int second = 0; second < seconds; second++) {
      it.passForLimits(SECOND);
      pressure();
    }
  }

  private static Admission.Standing standing(Decision decision) {
    return switch (decision) {
      case Decision.Admitted(Admission.Standing standing, Ticket ticket) -> standing;
      case Decision.Refused(Admission.Standing standing) -> standing;
      default -> throw new AssertionError(decision);
    };
  }

  private static Level level(Decision decision, Limit limit) {
    return standing(decision).levels().stream()
        .filter(level -> level.limit() == limit)
        .findFirst()
        .orElseThrow();
  }

  /** A pool that starts one job a second, in the order in which they came, and ends it at once. */
  private final class Town {
    private final Deque<Waiter> line = new ArrayDeque<>();
    private final List<Integer> quietWaits = new ArrayList<>();
    private int second;
    private int flooderStarted;
    private int quietRefused;
    private double highest;

    private record Waiter(Job job, String whose, int since) {}

    private void pass(int seconds, int floodPerSecond) {
      int end = second + seconds;
      for (; second < end; second++) {
        for (int n = 0; n < floodPerSecond; n++) {
          come(flooder);
        }
        if (second % 4 == 0 && !come(quiet)) {
          quietRefused++;
        }
        if (!line.isEmpty()) {
          start(line.removeFirst());
        }
        it.passForLimits(SECOND);
        highest = Math.max(highest, pressure());
      }
    }

    private boolean come(String whose) {
      Job job = job(whose);
      boolean comesIn = admit(job, Limits.NONE) instanceof Decision.Admitted;
      if (comesIn) {
        line.addLast(new Waiter(job, whose, second));
      }
      return comesIn;
    }

    private void start(Waiter first) {
      finish(leased(first.job()), COMPLETED);
      if (first.whose().equals(flooder)) {
        flooderStarted++;
      } else {
        quietWaits.add(second - first.since());
      }
    }

    private int longestOfTheLast(int waits) {
      return Collections.max(quietWaits.subList(quietWaits.size() - waits, quietWaits.size()));
    }
  }

  @Test
  void a_flood_of_one_tenant_is_slowed_until_the_others_start_in_time_and_then_forgotten() {
    Town town = new Town();
    town.pass(TO_RECOVER, 10);
    assertThat(town.highest).as("pressure").isBetween(0.9, 1.6);
    int before = town.flooderStarted;
    town.pass(60, 10);
    assertThat(town.longestOfTheLast(10)).as("seconds of wait").isLessThanOrEqualTo(15);
    assertThat(town.quietRefused).isZero();
    assertThat(town.flooderStarted - before).as("what the quiet one leaves").isBetween(35, 50);

    town.pass(LONG, 0);
    assertThat(pressure()).isZero();
    assertThat(level(ask(flooder), Limit.TENANT_WAITING_JOBS).bound()).isEqualTo(20_000);
  }

  @Test
  void a_tenant_that_is_held_back_and_waits_as_long_as_it_was_told_comes_in() {
    Town town = new Town();
    town.pass(40, 10);
    Decision refused = ask(flooder);
    assertThat(refused).isInstanceOf(Decision.Refused.class);
    Level level = level(refused, Limit.TENANT_WAITING_JOBS);
    assertThat(level.bound()).isBetween(1L, 20L);
    long seconds = level.retryAfter().orElseThrow().toSeconds() + 1;
    assertThat(seconds).as("what waits of it is 90 or so").isBetween(60L, 240L);
    town.pass((int) seconds, 0);
    assertThat(ask(flooder)).isInstanceOf(Decision.Admitted.class);
  }

  @Test
  void without_a_target_the_same_flood_makes_everybody_wait() {
    it.close();
    it = open(new Admission.Bounds(20_000, 100_000));
    Town town = new Town();
    town.pass(100, 10);
    assertThat(town.longestOfTheLast(1)).isGreaterThan(60);
    assertThat(town.highest).isZero();
  }

  @Test
  void jobs_that_start_in_time_make_no_pressure_however_many_wait() {
    for (int second = 0; second < 30; second++) {
      admitted(flooder);
      leased(admitted(quiet));
      it.passForLimits(SECOND);
      assertThat(pressure()).as("second %s", second).isZero();
    }
  }

  @Test
  void where_nothing_starts_at_all_the_oldest_that_waits_makes_pressure_in_small_steps() {
    admitted(quiet);
    stall((int) TARGET.toSeconds());
    assertThat(pressure()).isLessThanOrEqualTo(0.1);
    stall(5);
    assertThat(pressure()).isBetween(0.3, 0.7);
    stall(2 * LONG);
    assertThat(pressure()).isEqualTo(2);
  }

  @Test
  void a_tenant_alone_is_slowed_only_when_all_are() {
    for (int n = 0; n < 5; n++) {
      admitted(flooder);
    }
    stall((int) TARGET.toSeconds() + 10);
    assertThat(pressure()).isBetween(0.9, 1.05);
    assertThat(level(ask(flooder), Limit.TENANT_WAITING_JOBS).bound()).isGreaterThan(10_000);
    stall(2 * LONG);
    Decision refused = ask(flooder);
    assertThat(refused).isInstanceOf(Decision.Refused.class);
    assertThat(standing(refused).pressure()).isEqualTo(2);
    assertThat(level(refused, Limit.TENANT_WAITING_JOBS).bound()).isOne();
  }

  @Test
  void a_tenant_that_has_nothing_there_gets_one_job_in_at_any_pressure() {
    admitted(flooder);
    stall(2 * LONG + 20);
    assertThat(pressure()).isEqualTo(2);
    Limits limits = new Limits(Map.of(Limit.TENANT_REQUESTS_PER_MINUTE, 100L), Set.of());
    Decision first = admit(job(quiet), limits);
    assertThat(first).isInstanceOf(Decision.Admitted.class);
    assertThat(level(first, Limit.TENANT_REQUESTS_PER_MINUTE).bound()).isEqualTo(100);
    assertThat(admit(job(quiet), limits)).isInstanceOf(Decision.Refused.class);
  }

  @Test
  void bounds_of_a_minute_shrink_for_the_tenant_over_its_share_alone_and_to_a_tenth_at_most() {
    Limits limits =
        new Limits(
            Map.of(Limit.TENANT_REQUESTS_PER_MINUTE, 100L, Limit.TENANT_WAITING_JOBS, 50L),
            Set.of(Limit.TENANT_WAITING_JOBS));
    for (int n = 0; n < 20; n++) {
      admit(job(flooder), limits);
    }
    admit(job(quiet), limits);
    stall((int) TARGET.toSeconds() + 10);
    assertThat(pressure()).isBetween(0.9, 1.05);

    Decision held = admit(job(flooder), limits);
    Level requests = level(held, Limit.TENANT_REQUESTS_PER_MINUTE);
    assertThat(held).isInstanceOf(Decision.Refused.class);
    assertThat(requests.bound()).isBetween(10L, 20L);
    assertThat(requests.retryAfter().orElseThrow())
        .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(61));
    assertThat(level(held, Limit.TENANT_WAITING_JOBS).verdict())
        .isEqualTo(Admission.Verdict.SHADOWED);

    Level free = level(admit(job(quiet), limits), Limit.TENANT_REQUESTS_PER_MINUTE);
    assertThat(free.bound()).isGreaterThan(80);
  }

  @Test
  void a_job_that_its_tenants_own_bound_holds_back_says_nothing_of_the_load() {
    Limits limits = new Limits(Map.of(Limit.TENANT_RUNNING_JOBS, 1L), Set.of());
    Job first = job(flooder);
    Job second = job(flooder);
    admit(first, limits);
    admit(second, limits);
    Leases.Lease lease = leased(first);
    stall(30);
    assertThat(pressure()).isZero();
    finish(lease, COMPLETED);
    leased(second);
    stall(2);
    assertThat(pressure()).isZero();
  }

  private static Limits atMost(long running) {
    return new Limits(Map.of(Limit.TENANT_RUNNING_JOBS, running), Set.of());
  }

  private Job admitted(Limits limits) {
    Job job = job(flooder);
    assertThat(admit(job, limits)).isInstanceOf(Decision.Admitted.class);
    return job;
  }

  @Test
  void a_job_behind_others_of_a_tenant_at_its_bound_says_nothing_of_the_load() {
    Job first = admitted(atMost(1));
    Job second = admitted(atMost(1));
    Leases.Lease lease = leased(first);
    Job third = admitted(atMost(1));
    finish(lease, COMPLETED);
    Job inBetween = admitted(atMost(1));
    for (Job next : List.of(second, third, inBetween)) {
      lease = leased(next);
      stall(30);
      assertThat(pressure()).isZero();
      finish(lease, COMPLETED);
    }
  }

  @Test
  void a_tenant_below_its_bound_that_gets_no_slot_says_that_there_is_a_queue() {
    Leases.Lease lease = leased(admitted(atMost(2)));
    leased(admitted(atMost(2)));
    stall(60);
    finish(lease, COMPLETED);
    admitted(atMost(2));
    stall((int) TARGET.toSeconds());
    assertThat(pressure()).isLessThanOrEqualTo(0.1);
    stall(5);
    assertThat(pressure()).isBetween(0.3, 0.7);
  }

  @Test
  void a_tenant_at_its_bound_does_not_hide_that_another_waits() {
    leased(admitted(atMost(2)));
    admitted(atMost(2));
    leased(admitted(atMost(2)));
    admitted(quiet);
    stall((int) TARGET.toSeconds() + 5);
    assertThat(pressure()).isBetween(0.3, 0.7);
  }

  @Test
  void cancelled_and_undone_jobs_wait_no_more() {
    Job cancelled = admitted(quiet);
    Job undone = admitted(quiet);
    await(it.store().cancel(cancelled.id()));
    await(it.admission().undo(undone.id()));
    stall(30);
    assertThat(pressure()).isZero();
  }

  @Test
  void batch_jobs_may_wait_as_ever() {
    for (int n = 0; n < 3; n++) {
      admit(Jobs.chat(now()).tenant(flooder).batch().job(), Limits.NONE);
    }
    admitted(flooder);
    stall(2 * LONG + 20);
    Decision batch = admit(Jobs.chat(now()).tenant(flooder).batch().job(), Limits.NONE);
    assertThat(level(batch, Limit.TENANT_WAITING_JOBS).bound()).isEqualTo(20_000);
    assertThat(batch).isInstanceOf(Decision.Admitted.class);
  }
}
