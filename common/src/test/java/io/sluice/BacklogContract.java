package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.Lines.Amount;
import io.sluice.Lines.Queue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link Backlog} counts. */
public abstract class BacklogContract extends StoreContract {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Of a job of {@link Jobs}, before anything is known of its outputs. */
  private static final long COST = Cost.of(7, 256);

  private Lines look() {
    return await(it.backlog().look(Jobs.POOL));
  }

  private Ticket ticket(Job job) {
    return ticket(new Admission.Entry(job, Limits.NONE));
  }

  private Ticket ticket(Admission.Entry entry) {
    Admission.Decision decision = await(it.admission().admit(entry));
    assertThat(decision).isInstanceOf(Admission.Decision.Admitted.class);
    return ((Admission.Decision.Admitted) decision).ticket();
  }

  private Amount waiting(JobClass jobClass) {
    return look().of(jobClass).lanes().stream()
        .map(Queue::waiting)
        .reduce(Amount.NONE, (a, b) -> new Amount(a.jobs() + b.jobs(), a.tokens() + b.tokens()));
  }

  private Amount waiting() {
    return waiting(JobClass.INTERACTIVE);
  }

  private void assertNobodyWaits() {
    assertThat(waiting()).isEqualTo(Amount.NONE);
  }

  /** A pool of so many slots, which one job leaves every second; others take its place. */
  private final class Crowd {
    private final Deque<Job> line = new ArrayDeque<>();
    private final Deque<Leases.Lease> running = new ArrayDeque<>();
    private final int slots;

    private Crowd(int slots) {
      this.slots = slots;
    }

    private void come(int jobs) {
      for (int n = 0; n < jobs; n++) {
        line.add(accepted());
      }
      fill();
    }

    private void fill() {
      while (running.size() < slots && !line.isEmpty()) {
        running.add(leased(line.remove()));
      }
    }

    private void pass(int seconds) {
      for (int second = 0; second < seconds; second++) {
        it.passForLimits(SECOND);
        finish(running.remove(), COMPLETED);
        fill();
      }
    }
  }

  @Test
  void nothing_is_known_of_a_pool_that_nobody_used() {
    Lines lines = look();
    assertThat(lines.pace()).isEmpty();
    assertThat(lines.free()).isFalse();
    assertThat(lines.pressure()).isZero();
    assertThat(lines.of(JobClass.INTERACTIVE).lanes()).isEmpty();
    assertThat(lines.of(JobClass.BATCH).odds()).isEqualTo(Lines.Odds.BEFORE);
    assertThat(Duration.between(lines.at(), it.now())).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void a_ticket_says_what_had_entered_the_lane_before_and_stays_with_the_record() {
    Job first = chat().job();
    Job second = chat().job();
    Ticket before = ticket(first);
    Ticket after = ticket(second);

    assertThat(before).isEqualTo(new Ticket(before.lane(), 0, 0));
    assertThat(after).isEqualTo(new Ticket(before.lane(), 1, COST));
    assertThat(record(second).ticket()).contains(after);
    assertThat(waiting()).isEqualTo(new Amount(2, 2 * COST));
    leased(first);
    assertThat(ticket(chat().job())).isEqualTo(new Ticket(before.lane(), 2, 2 * COST));
    assertThat(waiting()).isEqualTo(new Amount(2, 2 * COST));
  }

  @Test
  void a_job_that_is_sent_twice_has_one_ticket() {
    Job job = chat().job();
    assertThat(ticket(job)).isEqualTo(ticket(job));
    assertThat(waiting().jobs()).isOne();
  }

  @Test
  void classes_have_lanes_of_their_own() {
    ticket(chat().batch().job());
    assertNobodyWaits();
    assertThat(waiting(JobClass.BATCH).jobs()).isOne();
  }

  @Test
  void whatever_ends_a_wait_takes_the_job_out_of_its_lane_once() {
    Job started = accepted();
    Job cancelled = accepted();
    Job ended = accepted();
    Job undone = chat().job();
    ticket(undone);
    Leases.Lease lease = leased(started);
    await(it.leases().requeue(lease, now(), BUSY));
    await(it.store().cancel(cancelled.id()));
    await(it.store().cancel(cancelled.id()));
    await(it.store().end(ended.id(), new Ending.Expired()));
    await(it.admission().undo(undone.id()));
    await(it.admission().undo(undone.id()));
    assertNobodyWaits();

    it.letPass(now().plusMillis(1));
    finish(leased(started), COMPLETED);
    assertNobodyWaits();
    Queue lane = look().of(JobClass.INTERACTIVE).lanes().getFirst();
    assertThat(lane.departed()).isEqualTo(lane.entered()).isEqualTo(new Amount(4, 4 * COST));
  }

  @Test
  void the_place_of_a_job_that_stays_unpublished_is_given_up_and_its_late_start_counts_no_more() {
    Job job = chat().job();
    ticket(job);
    it.letPass(now().plusMillis(1));
    await(it.admission().refundUnpublished(Duration.ZERO, 10));
    assertNobodyWaits();
    finish(leased(job), COMPLETED);
    assertThat(look().of(JobClass.INTERACTIVE).lanes().getFirst().departed().jobs()).isOne();
  }

  @Test
  void a_pool_that_nobody_waits_for_has_no_pace() {
    for (int n = 0; n < 20; n++) {
      Leases.Lease lease = leased(accepted());
      it.passForLimits(SECOND);
      finish(lease, COMPLETED);
      it.passForLimits(SECOND);
    }
    assertThat(look().pace()).isEmpty();
    assertThat(look().free()).isTrue();
  }

  @Test
  void a_crowd_that_fills_empty_slots_has_no_pace_yet() {
    new Crowd(10).come(20);
    it.passForLimits(SECOND);
    assertThat(look().pace()).isEmpty();
    assertThat(look().free()).isFalse();
  }

  @Test
  void the_pace_is_what_leaves_the_pool_while_others_wait() {
    Crowd crowd = new Crowd(3);
    crowd.come(40);
    crowd.pass(4);
    assertThat(look().pace()).isEmpty();
    crowd.pass(16);
    Lines.Pace pace = look().pace().orElseThrow();
    assertThat(pace.jobsPerSecond()).isCloseTo(1, within(0.15));
    assertThat(pace.tokensPerSecond()).isCloseTo(COST, within(0.15 * COST));
    assertThat(pace.slots()).isCloseTo(3, within(0.5));
    assertThat(pace.seen()).isBetween(15.0, 20.0);
  }

  @Test
  void time_in_which_nobody_waits_is_not_counted_and_what_is_old_is_forgotten() {
    Crowd crowd = new Crowd(3);
    crowd.come(23);
    crowd.pass(20);
    crowd.pass(3);
    double then = look().pace().orElseThrow().jobsPerSecond();
    it.passForLimits(Duration.ofMinutes(30));
    assertThat(look().pace().orElseThrow().jobsPerSecond()).isCloseTo(then, within(0.01));
    assertThat(look().free()).isTrue();
    it.passForLimits(Duration.ofMinutes(40));
    assertThat(look().pace()).isEmpty();
    assertThat(look().free()).isFalse();
  }

  @Test
  void where_nothing_ends_any_more_the_pace_falls() {
    Crowd crowd = new Crowd(3);
    crowd.come(40);
    crowd.pass(20);
    it.passForLimits(Duration.ofSeconds(60));
    assertThat(look().pace().orElseThrow().jobsPerSecond()).isBetween(0.15, 0.35);
  }

  private void assertPaceBeginsAnewAfter(Duration standstill) {
    Crowd crowd = new Crowd(3);
    crowd.come(60);
    crowd.pass(20);
    double then = look().pace().orElseThrow().jobsPerSecond();
    it.passForLimits(standstill);
    assertThat(look().pace()).isEmpty();
    crowd.line.clear();
    crowd.come(20);
    crowd.pass(2);
    assertThat(look().pace()).isEmpty();
    crowd.pass(10);
    double now = look().pace().orElseThrow().jobsPerSecond();
    assertThat(now).isBetween(then / 1.5, then * 1.5);
  }

  @Test
  void a_pool_that_stood_still_has_no_pace_until_it_has_one_again() {
    assertPaceBeginsAnewAfter(Duration.ofMinutes(3));
  }

  @Test
  void a_pool_that_stood_still_for_days_has_no_pace_until_it_has_one_again() {
    assertPaceBeginsAnewAfter(Duration.ofHours(50));
  }

  @Test
  void a_pool_in_which_nobody_waited_for_long_keeps_its_pace_for_an_hour() {
    Crowd crowd = new Crowd(3);
    crowd.come(23);
    crowd.pass(23);
    double then = look().pace().orElseThrow().jobsPerSecond();
    it.passForLimits(Duration.ofMinutes(50));
    crowd.come(9);
    crowd.pass(6);
    assertThat(look().pace().orElseThrow().jobsPerSecond()).isBetween(then / 1.3, then * 1.3);
  }

  @Test
  void a_tenants_new_weight_counts_from_its_next_job_on() {
    Job first = chat().job();
    ticket(new Admission.Entry(first, Limits.NONE, 1, Optional.empty()));
    ticket(new Admission.Entry(chat().job(), Limits.NONE, 7, Optional.empty()));
    assertThat(look().of(JobClass.INTERACTIVE).lanes())
        .extracting(Queue::weight)
        .containsExactly(7L);
    leased(first);
    ticket(new Admission.Entry(chat().job(), Limits.NONE, 2, Optional.empty()));
    assertThat(look().of(JobClass.INTERACTIVE).lanes())
        .extracting(Queue::weight)
        .containsExactly(2L);
  }

  private Job told(Duration p50, Duration p90) {
    Job job = chat().job();
    Instant now = now();
    Forecast forecast = new Forecast(1, 0, Optional.of(now.plus(p50)), Optional.of(now.plus(p90)));
    ticket(new Admission.Entry(job, Limits.NONE, 1, Optional.of(forecast)));
    return job;
  }

  private Lines.Odds odds() {
    return look().of(JobClass.INTERACTIVE).odds();
  }

  @Test
  void what_was_foretold_is_held_against_the_first_start() {
    Job late = told(Duration.ofSeconds(10), Duration.ofSeconds(20));
    assertThat(odds()).isEqualTo(Lines.Odds.BEFORE);
    it.passForLimits(Duration.ofSeconds(60));
    Leases.Lease lease = leased(late);
    Lines.Odds after = odds();
    Lines.Odds expected = Lines.Odds.BEFORE.after(6, 3, 0);
    assertThat(after.seen()).isOne();
    assertThat(after.median()).isCloseTo(expected.median(), within(1e-9)).isGreaterThan(1);
    assertThat(after.ninety()).isCloseTo(expected.ninety(), within(1e-9)).isGreaterThan(1);

    it.letPass(now().plusMillis(1));
    await(it.leases().requeue(lease, now(), BUSY));
    it.letPass(now().plusMillis(1));
    leased(late);
    assertThat(odds()).isEqualTo(after);

    leased(told(Duration.ofSeconds(10), Duration.ofSeconds(20)));
    assertThat(odds().median()).isLessThan(after.median());
    assertThat(odds().ninety()).isLessThan(after.ninety());
  }

  @Test
  void from_a_wait_in_which_the_pool_stood_still_nothing_is_learned() {
    Crowd crowd = new Crowd(3);
    crowd.come(30);
    crowd.pass(20);
    List<Job> waited =
        List.of(
            told(Duration.ofSeconds(10), Duration.ofSeconds(20)),
            told(Duration.ofSeconds(10), Duration.ofSeconds(20)));
    it.passForLimits(Duration.ofMinutes(3));
    waited.forEach(this::leased);
    assertThat(odds()).isEqualTo(Lines.Odds.BEFORE);

    it.letPass(now().plusMillis(1));
    Job late = told(Duration.ofSeconds(10), Duration.ofSeconds(20));
    it.passForLimits(Duration.ofSeconds(60));
    leased(late);
    assertThat(odds().seen()).isOne();
  }

  @Test
  void the_high_quantile_moves_the_less_the_more_jobs_wait() {
    for (int n = 0; n < 130; n++) {
      leased(told(Duration.ofSeconds(10), Duration.ofSeconds(20)));
    }
    Job next = told(Duration.ofSeconds(10), Duration.ofSeconds(20));
    for (int n = 0; n < 150; n++) {
      accepted();
    }
    it.passForLimits(Duration.ofSeconds(60));
    Lines.Odds expected = odds().after(6, 3, 150);
    leased(next);
    assertThat(odds().median()).isCloseTo(expected.median(), within(1e-9));
    assertThat(odds().ninety()).isCloseTo(expected.ninety(), within(1e-9));
  }

  @Test
  void from_the_way_to_a_worker_and_from_what_was_not_told_nothing_is_learned() {
    leased(told(Duration.ofMillis(300), Duration.ofSeconds(2)));
    leased(accepted());
    assertThat(odds().seen()).isZero();
  }

  @Test
  void the_length_of_outputs_is_learned_for_what_comes_later() {
    for (int n = 0; n < 64; n++) {
      finish(leased(accepted()), COMPLETED);
    }
    ticket(chat().job());
    long mean = Math.round(42 + (256 - 42) * Math.pow(1 - 1 / 1024.0, 64));
    assertThat(waiting().tokens()).isBetween(Cost.of(7, mean - 1), Cost.of(7, mean + 1));
  }

  @Test
  void what_comes_in_is_a_rate_that_fades() {
    for (int n = 0; n < 6; n++) {
      accepted();
    }
    assertThat(inflow()).isCloseTo(6.0 * COST / 60, within(0.1 * COST));
    it.passForLimits(Duration.ofMinutes(1));
    assertThat(inflow()).isCloseTo(6.0 * COST / 60 / Math.E, within(0.05 * COST));
  }

  private double inflow() {
    return look().of(JobClass.INTERACTIVE).lanes().getFirst().tokensPerSecond();
  }

  @Test
  void a_look_is_as_large_whatever_waits() {
    accepted();
    int lanes = look().of(JobClass.INTERACTIVE).lanes().size();
    List<Job> jobs = new ArrayList<>();
    for (int n = 0; n < 300; n++) {
      jobs.add(accepted());
    }
    assertThat(waiting().jobs()).isEqualTo(301);
    assertThat(look().of(JobClass.INTERACTIVE).lanes()).hasSize(lanes);
    assertThat(look().of(JobClass.INTERACTIVE).leases()).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void after_a_loss_the_counters_begin_anew_and_nothing_is_less_than_zero() {
    org.junit.jupiter.api.Assumptions.assumeTrue(it.canLoseItsRecords());
    Job waits = accepted();
    Job runs = accepted();
    Leases.Lease lease = leased(runs);
    it.loseEverything();
    finish(lease, COMPLETED);
    Leases.Lease restored = leased(waits);
    assertNobodyWaits();
    Job next = accepted();
    assertThat(record(next).ticket().orElseThrow().jobsBefore()).isZero();
    assertThat(waiting().jobs()).isOne();
    finish(restored, COMPLETED);
    finish(leased(next), COMPLETED);
    assertNobodyWaits();
    assertThat(look().pace()).isEmpty();
  }
}
