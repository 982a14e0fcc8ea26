package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission.Decision;
import io.sluice.Admission.Level;
import io.sluice.Admission.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link Admission} keeps of limits over time. */
public abstract class LimitsContract extends StoreContract {
  private static final Duration A_WINDOW = Duration.ofMillis(60_500);

  private void pass(Duration time) {
    it.passForLimits(time);
  }

  private Decision admit(Job job, Limits limits) {
    return await(it.admission().admit(new Admission.Entry(job, limits)));
  }

  private static Limits limit(Limit limit, long bound) {
    return new Limits(Map.of(limit, bound), Set.of());
  }

  private static Level level(Decision decision, Limit limit) {
    Admission.Standing standing =
        switch (decision) {
          case Decision.Admitted(Admission.Standing given, Ticket ticket) -> given;
          case Decision.Refused(Admission.Standing given) -> given;
          default -> throw new AssertionError(decision);
        };
    return standing.levels().stream()
        .filter(level -> level.limit() == limit)
        .findFirst()
        .orElseThrow();
  }

  private void assertAdmitted(int times, Limits limits) {
    for (int n = 0; n < times; n++) {
      assertThat(admit(chat().job(), limits)).as("%s", n).isInstanceOf(Decision.Admitted.class);
    }
  }

  private Level assertRefused(Job job, Limits limits, Limit by) {
    Decision decision = admit(job, limits);
    assertThat(decision).isInstanceOf(Decision.Refused.class);
    Level level = level(decision, by);
    assertThat(level.verdict()).isEqualTo(Verdict.EXCEEDED);
    assertThat(await(it.store().find(job.id()))).isInstanceOf(JobStore.Lookup.Absent.class);
    return level;
  }

  @Test
  void so_many_requests_a_minute_and_no_more_until_the_first_is_a_minute_old() {
    Limits limits = limit(Limit.TENANT_REQUESTS_PER_MINUTE, 5);
    assertAdmitted(4, limits);
    Level last = level(admit(chat().job(), limits), Limit.TENANT_REQUESTS_PER_MINUTE);
    assertThat(last.remaining()).isZero();
    assertThat(last.retryAfter()).contains(Duration.ZERO);

    pass(Duration.ofSeconds(50));
    Level full = assertRefused(chat().job(), limits, Limit.TENANT_REQUESTS_PER_MINUTE);
    assertThat(full.bound()).isEqualTo(5);
    assertThat(full.remaining()).isZero();
    Duration wait = full.retryAfter().orElseThrow();
    assertThat(wait).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(11));

    pass(wait);
    assertAdmitted(1, limits);
    // The other four may have come half a second after the first.
    pass(Duration.ofSeconds(1));
    assertAdmitted(4, limits);
    assertRefused(chat().job(), limits, Limit.TENANT_REQUESTS_PER_MINUTE);
  }

  @Test
  void tokens_are_reserved_at_most_and_settled_with_what_was_used() {
    Job first = chat().job();
    Limits limits = limit(Limit.TENANT_TOKENS_PER_MINUTE, first.tokensAtMost() * 2L);
    assertThat(admit(first, limits)).isInstanceOf(Decision.Admitted.class);
    await(it.admission().published(List.of(first.id())));
    assertAdmitted(1, limits);
    assertRefused(chat().job(), limits, Limit.TENANT_TOKENS_PER_MINUTE);

    finish(leased(first), new Ending.Completed(Output.NONE, new Usage(1, 2)));

    Level level = level(admit(chat().job(), limits), Limit.TENANT_TOKENS_PER_MINUTE);
    assertThat(level.verdict()).as("%s is short by 3", level).isEqualTo(Verdict.EXCEEDED);
    assertThat(level.remaining()).isEqualTo(first.tokensAtMost() - 3L);
  }

  @Test
  void a_job_that_is_cancelled_before_it_ran_used_nothing() {
    Job first = chat().job();
    Limits limits =
        new Limits(
            Map.of(
                Limit.TENANT_TOKENS_PER_MINUTE,
                (long) first.tokensAtMost(),
                Limit.TENANT_TOKENS_PER_DAY,
                (long) first.tokensAtMost()),
            Set.of());
    admit(first, limits);
    assertRefused(chat().job(), limits, Limit.TENANT_TOKENS_PER_MINUTE);
    await(it.store().cancel(first.id()));
    assertAdmitted(1, limits);
  }

  @Test
  void an_undone_admission_gives_everything_back() {
    Job first = chat().job();
    Limits limits =
        new Limits(
            Map.of(
                Limit.TENANT_REQUESTS_PER_MINUTE,
                1L,
                Limit.TENANT_WAITING_TOKENS,
                (long) first.tokensAtMost()),
            Set.of());
    admit(first, limits);
    assertRefused(chat().job(), limits, Limit.TENANT_WAITING_TOKENS);
    await(it.admission().undo(first.id()));
    await(it.admission().undo(first.id()));
    assertAdmitted(1, limits);
    assertRefused(chat().job(), limits, Limit.TENANT_REQUESTS_PER_MINUTE);
  }

  @Test
  void a_job_that_runs_keeps_its_charge_though_its_publication_was_never_marked() {
    Job job = chat().job();
    Limits limits = limit(Limit.TENANT_TOKENS_PER_MINUTE, job.tokensAtMost() * 2L);
    admit(job, limits);
    Leases.Lease lease = leased(job);
    it.letPass(it.now());
    assertThat(await(it.admission().refundUnpublished(Duration.ZERO, 10))).isZero();
    finish(lease, new Ending.Completed(Output.NONE, new Usage(1, 2)));
    Level level = level(admit(chat().job(), limits), Limit.TENANT_TOKENS_PER_MINUTE);
    assertThat(level.remaining()).isEqualTo(job.tokensAtMost() - 3L);
  }

  @Test
  void an_admission_that_was_never_published_is_refunded() {
    Job job = chat().job();
    Limits limits = limit(Limit.TENANT_TOKENS_PER_MINUTE, job.tokensAtMost());
    admit(job, limits);
    it.letPass(it.now());
    assertThat(await(it.admission().refundUnpublished(Duration.ZERO, 10))).isOne();
    assertAdmitted(1, limits);
  }

  @Test
  void a_refunded_job_that_runs_after_all_is_charged_at_its_claim_and_settled() {
    Job job = chat().job();
    Limits limits =
        new Limits(
            Map.of(
                Limit.TENANT_TOKENS_PER_MINUTE,
                job.tokensAtMost() * 2L,
                Limit.TENANT_TOKENS_PER_DAY,
                job.tokensAtMost() * 10L,
                Limit.TENANT_REQUESTS_PER_MINUTE,
                10L),
            Set.of());
    admit(job, limits);
    it.letPass(it.now());
    await(it.admission().refundUnpublished(Duration.ZERO, 10));
    Leases.Lease lease = leased(job);
    Job second = chat().job();
    Decision beside = admit(second, limits);
    assertThat(level(beside, Limit.TENANT_TOKENS_PER_MINUTE).remaining()).isZero();
    assertThat(level(beside, Limit.TENANT_TOKENS_PER_DAY).remaining())
        .isEqualTo(job.tokensAtMost() * 8L);
    assertThat(level(beside, Limit.TENANT_REQUESTS_PER_MINUTE).remaining()).isEqualTo(8);
    await(it.store().cancel(second.id()));

    finish(lease, new Ending.Completed(Output.NONE, new Usage(1, 2)));

    Decision last = admit(chat().job(), limits);
    assertThat(level(last, Limit.TENANT_TOKENS_PER_MINUTE).remaining())
        .isEqualTo(job.tokensAtMost() - 3L);
    assertThat(level(last, Limit.TENANT_TOKENS_PER_DAY).remaining())
        .isEqualTo(job.tokensAtMost() * 9L - 3L);
  }

  @Test
  void a_refunded_job_that_never_runs_stays_free() {
    Job job = chat().job();
    Limits limits = limit(Limit.TENANT_TOKENS_PER_MINUTE, job.tokensAtMost());
    admit(job, limits);
    it.letPass(it.now());
    await(it.admission().refundUnpublished(Duration.ZERO, 10));
    await(it.store().cancel(job.id()));
    assertAdmitted(1, limits);
  }

  @Test
  void an_undone_admission_gives_back_its_turn_in_a_smoothed_session() {
    Limits limits = limit(Limit.SESSION_REQUESTS_PER_SECOND, 1);
    admit(chat().session("tab").job(), limits);
    Job undone = chat().session("tab").job();
    Duration turn = delay(admit(undone, limits));
    await(it.admission().undo(undone.id()));
    assertThat(delay(admit(chat().session("tab").job(), limits))).isLessThanOrEqualTo(turn);
  }

  @Test
  void seven_a_second_are_a_seventh_of_a_second_apart_and_not_more() {
    Limits limits = limit(Limit.SESSION_REQUESTS_PER_SECOND, 7);
    Decision last = admit(chat().session("tab").job(), limits);
    for (int n = 1; n <= 28; n++) {
      last = admit(chat().session("tab").job(), limits);
    }
    assertThat(delay(last)).isLessThanOrEqualTo(Duration.ofMillis(4_001));
  }

  @Test
  void the_same_admission_sent_again_gets_the_same_levels_and_is_charged_once() {
    Job job = chat().session("tab").job();
    Limits limits =
        new Limits(
            Map.of(
                Limit.TENANT_REQUESTS_PER_MINUTE,
                5L,
                Limit.SESSION_REQUESTS_PER_SECOND,
                1L,
                Limit.TENANT_TOKENS_PER_DAY,
                1_000_000L),
            Set.of());
    admit(chat().session("tab").job(), limits);
    Decision first = admit(job, limits);
    Decision again = admit(job, limits);
    assertThat(again).isInstanceOf(Decision.Admitted.class);
    for (Limit limit : List.of(Limit.TENANT_REQUESTS_PER_MINUTE, Limit.TENANT_TOKENS_PER_DAY)) {
      assertThat(level(again, limit).remaining()).isEqualTo(level(first, limit).remaining());
      assertThat(level(again, limit).bound()).isEqualTo(level(first, limit).bound());
      assertThat(level(again, limit).verdict()).isEqualTo(Verdict.WITHIN);
    }
    assertThat(delay(again)).isBetween(Duration.ofMillis(1), delay(first));
    assertThat(level(admit(chat().job(), limits), Limit.TENANT_REQUESTS_PER_MINUTE).remaining())
        .isEqualTo(2);
  }

  private static Duration delay(Decision decision) {
    return ((Decision.Admitted) decision).standing().delay();
  }

  @Test
  void a_refusal_charges_nothing_on_any_limit() {
    Limits limits =
        new Limits(
            Map.of(Limit.TENANT_REQUESTS_PER_MINUTE, 2L, Limit.PRINCIPAL_TOKENS_PER_MINUTE, 1L),
            Set.of());
    Level level = assertRefused(chat().job(), limits, Limit.PRINCIPAL_TOKENS_PER_MINUTE);
    assertThat(level.retryAfter()).as("no wait helps").isEmpty();
    assertAdmitted(2, limit(Limit.TENANT_REQUESTS_PER_MINUTE, 2));
  }

  @Test
  void a_limit_in_shadow_mode_is_reported_and_not_enforced() {
    Limits limits =
        new Limits(
            Map.of(Limit.TENANT_REQUESTS_PER_MINUTE, 1L), Set.of(Limit.TENANT_REQUESTS_PER_MINUTE));
    assertAdmitted(1, limits);
    Decision second = admit(chat().job(), limits);
    assertThat(second).isInstanceOf(Decision.Admitted.class);
    assertThat(level(second, Limit.TENANT_REQUESTS_PER_MINUTE).verdict())
        .isEqualTo(Verdict.SHADOWED);
  }

  @Test
  void a_session_that_is_smoothed_in_shadow_mode_is_counted_and_never_held_back() {
    Limit limit = Limit.SESSION_REQUESTS_PER_SECOND;
    Limits limits = new Limits(Map.of(limit, 1L), Set.of(limit));
    Decision last = admit(chat().session("tab").job(), limits);
    for (int n = 0; n < 12; n++) {
      Job job = chat().session("tab").job();
      last = admit(job, limits);
      assertThat(delay(last)).isZero();
      assertThat(delay(admit(job, limits))).as("sent again").isZero();
    }
    assertThat(level(last, limit).verdict()).isEqualTo(Verdict.SHADOWED);
    Decision enforced = admit(chat().session("tab").job(), limit(limit, 1));
    assertThat(enforced).as("the turns were taken").isInstanceOf(Decision.Refused.class);
  }

  @Test
  void sessions_and_tenants_are_counted_apart() {
    Limits limits = limit(Limit.SESSION_REQUESTS_PER_MINUTE, 1);
    Job tab = chat().session("tab").job();
    admit(tab, limits);
    assertRefused(chat().session("tab").job(), limits, Limit.SESSION_REQUESTS_PER_MINUTE);
    assertThat(admit(chat().session("other").job(), limits)).isInstanceOf(Decision.Admitted.class);
    assertAdmitted(3, limits);
    assertThat(admit(chat().tenant(tenant + "2").session("tab").job(), limits))
        .isInstanceOf(Decision.Admitted.class);
  }

  @Test
  void a_burst_of_a_session_is_spaced_out_and_refused_only_far_behind() {
    Limits limits = limit(Limit.SESSION_REQUESTS_PER_SECOND, 4);
    Duration longest = Duration.ZERO;
    int admitted = 0;
    while (admit(chat().session("tab").job(), limits)
        instanceof Decision.Admitted(var standing, var ticket)) {
      assertThat(standing.delay()).isBetween(Duration.ZERO, Admission.SMOOTHING_MAX);
      longest = standing.delay().compareTo(longest) > 0 ? standing.delay() : longest;
      assertThat(admitted++).isLessThan(100);
    }
    assertThat(longest).isBetween(Duration.ofSeconds(4), Admission.SMOOTHING_MAX);
    assertThat(admitted).isGreaterThanOrEqualTo(20);
  }

  @Test
  void the_budget_of_a_day_outlasts_the_minute() {
    Job job = chat().job();
    Limits limits = limit(Limit.TENANT_TOKENS_PER_DAY, job.tokensAtMost());
    admit(job, limits);
    pass(A_WINDOW);
    // Should midnight have passed just now, this one spends the new day's budget.
    admit(chat().job(), limits);
    Level level = level(admit(chat().job(), limits), Limit.TENANT_TOKENS_PER_DAY);
    assertThat(level.verdict()).isEqualTo(Verdict.EXCEEDED);
    assertThat(level.retryAfter().orElseThrow()).isPositive();
  }

  @Test
  void a_job_that_was_pulled_runs_since_the_order_of_lanes_holds_the_others_back() {
    Limits limits = limit(Limit.TENANT_RUNNING_JOBS, 1);
    Job first = chat().job();
    Job second = chat().job();
    admit(first, limits);
    admit(second, limits);
    await(it.admission().published(List.of(first.id(), second.id())));
    leased(first);
    assertThat(claim(second, "w")).isInstanceOf(Leases.Claim.Granted.class);
  }

  @Test
  void a_job_that_no_bound_holds_back_says_how_much_is_left() {
    Limits limits = limit(Limit.PRINCIPAL_REQUESTS_PER_MINUTE, 10);
    Level level = level(admit(chat().job(), limits), Limit.PRINCIPAL_REQUESTS_PER_MINUTE);
    assertThat(level.remaining()).isEqualTo(9);
    assertThat(level.retryAfter()).isEqualTo(Optional.of(Duration.ZERO));
    assertThat(level.reset()).isBetween(Duration.ofSeconds(59), Duration.ofSeconds(61));
  }
}
