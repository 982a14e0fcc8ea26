package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sluice.Leases.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link JobHistory} keeps. */
public abstract class JobHistoryContract extends StoreContract {
  private List<Step> steps(Job job) {
    return await(it.history().steps(job.id(), Optional.of(job.tenant())));
  }

  private List<String> words(Job job) {
    return steps(job).stream().map(step -> step.getClass().getSimpleName()).toList();
  }

  @Test
  void a_job_that_runs_through_has_four_steps() {
    Instant before = now();
    Job job = accepted();
    finish(granted(job, "worker-7").lease(), COMPLETED);

    List<Step> steps = steps(job);

    assertThat(words(job)).containsExactly("Admitted", "Published", "Started", "Ended");
    assertThat(((Step.Admitted) steps.get(0)).delay()).isZero();
    assertThat(steps.get(2))
        .isInstanceOfSatisfying(
            Step.Started.class,
            started -> {
              assertThat(started.attempt()).isOne();
              assertThat(started.worker()).isEqualTo("worker-7");
              assertThat(started.at()).isEqualTo(record(job).startedAt().orElseThrow());
            });
    assertThat(steps.get(3))
        .isEqualTo(new Step.Ended(record(job).endedAt().orElseThrow(), JobState.COMPLETED));
    assertThat(steps).extracting(Step::at).isSorted();
    assertThat(steps.getFirst().at()).isBetween(before, now());
  }

  @Test
  void what_is_done_twice_is_one_step() {
    Job job = accepted();
    await(it.admission().admit(job));
    await(it.admission().published(List.of(job.id())));
    Leases.Request request = request(job, "worker-1");
    await(it.leases().claim(request));
    Lease lease = ((Leases.Claim.Granted) await(it.leases().claim(request))).lease();
    await(it.store().cancel(job.id()));
    await(it.store().cancel(job.id()));
    finish(lease, COMPLETED);
    finish(lease, COMPLETED);

    assertThat(words(job))
        .containsExactly("Admitted", "Published", "Started", "CancelAsked", "Ended");
    assertThat(steps(job).getLast())
        .isInstanceOfSatisfying(
            Step.Ended.class, end -> assertThat(end.state()).isEqualTo(JobState.CANCELLED));
  }

  @Test
  void an_attempt_that_failed_says_why_and_when_the_next_one_may_start() {
    Job job = accepted();
    Instant later = now().plusSeconds(7);
    Lease lease = leased(job);
    await(it.leases().requeue(lease, later, BROKEN));
    await(it.leases().requeue(lease, later, BROKEN));

    assertThat(words(job)).containsExactly("Admitted", "Published", "Started", "Failed");
    assertThat(steps(job).getLast())
        .isInstanceOfSatisfying(
            Step.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo("engine_error");
              assertThat(failed.notBefore()).isEqualTo(later);
            });
  }

  @Test
  void a_lost_lease_is_told_by_the_claim_after_it_with_the_time_at_which_it_ended() {
    Job job = accepted();
    granted(job, "worker-1");
    it.letLeaseEnd(job.id());
    Instant claimed = now();
    granted(job, "worker-2");

    assertThat(words(job))
        .containsExactly("Admitted", "Published", "Started", "LeaseLost", "Started");
    assertThat(steps(job).get(3))
        .isInstanceOfSatisfying(
            Step.LeaseLost.class,
            lost -> {
              assertThat(lost.worker()).isEqualTo("worker-1");
              assertThat(lost.at()).isBeforeOrEqualTo(claimed);
            });
    assertThat(((Step.Started) steps(job).get(4)).attempt()).isEqualTo(2);
  }

  @Test
  void a_job_that_never_ran_ends_all_the_same() {
    Job cancelled = accepted();
    await(it.store().cancel(cancelled.id()));
    Job expired = accepted(chat().startBy(now().plusMillis(50)));
    it.letPass(expired.startBy());
    await(it.store().sweep(100));
    Job ended = accepted();
    await(it.store().end(ended.id(), new Ending.Failed(BROKEN, Output.NONE, Usage.NONE)));

    for (Job job : List.of(cancelled, expired, ended)) {
      assertThat(words(job)).containsExactly("Admitted", "Published", "Ended");
      assertThat(((Step.Ended) steps(job).getLast()).state()).isEqualTo(record(job).state());
    }
  }

  @Test
  void a_smoothed_job_says_how_long_it_is_held_back() {
    Limits one = new Limits(Map.of(Limit.SESSION_REQUESTS_PER_SECOND, 1L), Set.of());
    Job first = chat().session("s").job();
    Job second = chat().session("s").job();
    await(it.admission().admit(new Admission.Entry(first, one)));
    await(it.admission().admit(new Admission.Entry(second, one)));

    assertThat(((Step.Admitted) steps(first).getFirst()).delay()).isZero();
    assertThat(((Step.Admitted) steps(second).getFirst()).delay())
        .isBetween(Duration.ofMillis(100), Duration.ofSeconds(1));
  }

  private Step.Turn turn(Job job) {
    return steps(job).stream()
        .filter(Step.Started.class::isInstance)
        .flatMap(step -> ((Step.Started) step).turn().stream())
        .reduce((one, more) -> fail("only the first start has a turn"))
        .orElseThrow();
  }

  private Instant startedAt(Job job) {
    return record(job).startedAt().orElseThrow();
  }

  /** A moment that no step has: it and the next step differ. */
  private Instant aMoment() {
    Instant moment = now().plusMillis(1);
    it.letPass(moment);
    return moment;
  }

  private void run(Job job) {
    finish(leased(job), COMPLETED);
    aMoment();
  }

  @Test
  void a_job_that_found_its_lane_empty_was_first_from_its_coming_on() {
    Job before = accepted();
    Job elsewhere = accepted(Jobs.chat(now()).tenant(tenant + "-b"));
    Job batch = accepted(Jobs.chat(now()).tenant(tenant + "-c").batch());
    run(before);
    Job job = accepted();
    aMoment();
    run(elsewhere);
    run(batch);
    leased(job);

    assertThat(turn(job))
        .isEqualTo(
            new Step.Turn(steps(job).getFirst().at(), 0, new Step.Starts(1, 1), Optional.empty()));
  }

  @Test
  void a_job_behind_others_was_first_from_the_start_of_the_one_before_it_on() {
    Job one = accepted();
    Job two = accepted();
    Job three = accepted();
    Job elsewhere = accepted(Jobs.chat(now()).tenant(tenant + "-b"));
    run(one);
    run(two);
    run(elsewhere);
    run(three);

    assertThat(turn(one).first()).isEqualTo(steps(one).getFirst().at());
    assertThat(turn(two).first()).isEqualTo(startedAt(one));
    assertThat(turn(three))
        .isEqualTo(new Step.Turn(startedAt(two), 2, new Step.Starts(1, 0), Optional.empty()));
  }

  @Test
  void an_attempt_that_comes_again_counts_for_others_and_has_no_turn_of_its_own() {
    Job again = accepted(Jobs.chat(now()).tenant(tenant + "-b"));
    Lease lease = leased(again);
    Job job = accepted();
    await(it.leases().requeue(lease, now(), BUSY));
    aMoment();
    leased(again);
    leased(job);

    assertThat(turn(job).meanwhile()).isEqualTo(new Step.Starts(1, 0));
    assertThat(turn(again).meanwhile()).isEqualTo(Step.Starts.NONE);
  }

  @Test
  void a_claim_that_is_sent_twice_counts_once() {
    Job twice = accepted(Jobs.chat(now()).tenant(tenant + "-b"));
    Job job = accepted();
    Leases.Request request = request(twice, "worker-1");
    await(it.leases().claim(request));
    await(it.leases().claim(request));
    leased(job);

    assertThat(turn(job).meanwhile()).isEqualTo(new Step.Starts(1, 0));
  }

  @Test
  void a_job_whose_last_one_before_it_was_cancelled_was_first_from_then_on() {
    Job one = accepted();
    Job cancelled = accepted();
    Job job = accepted();
    Job behind = accepted();
    run(one);
    await(it.store().cancel(cancelled.id()));
    aMoment();
    leased(job);
    aMoment();
    await(it.store().cancel(behind.id()));

    assertThat(turn(job).first()).isEqualTo(record(cancelled).endedAt().orElseThrow());
  }

  @Test
  void one_that_was_cancelled_behind_it_changes_nothing() {
    Job one = accepted();
    Job job = accepted();
    Job cancelled = accepted();
    run(one);
    await(it.store().cancel(cancelled.id()));
    aMoment();
    leased(job);

    assertThat(turn(job).first()).isEqualTo(startedAt(one));
  }

  private Job bounded() {
    Job job = chat().job();
    Limits two = new Limits(Map.of(Limit.TENANT_RUNNING_JOBS, 2L), Set.of());
    await(it.admission().admit(new Admission.Entry(job, two)));
    return job;
  }

  @Test
  void a_start_says_until_when_its_tenant_ran_as_many_jobs_as_it_may() {
    Job one = bounded();
    Job two = bounded();
    Job three = bounded();
    Lease first = leased(one);
    assertThat(turn(one).bound()).contains(new Step.Bound(1, 2, Optional.empty()));
    leased(two);
    aMoment();
    finish(first, COMPLETED);
    aMoment();
    leased(three);

    assertThat(turn(three).bound())
        .contains(new Step.Bound(2, 2, Optional.of(record(one).endedAt().orElseThrow())));
  }

  @Test
  void a_slot_that_is_left_below_the_bound_says_nothing() {
    Job one = bounded();
    Job two = bounded();
    run(one);
    leased(two);

    assertThat(turn(two).bound()).contains(new Step.Bound(1, 2, Optional.empty()));
  }

  @Test
  void after_a_loss_starts_have_no_turn_and_the_next_ones_begin_anew() {
    assumeThat(it.canLoseItsRecords()).isTrue();
    Job before = accepted();
    it.loseEverything();
    Job after = accepted();
    leased(before);
    leased(after);

    assertThat(words(before)).containsExactly("Restored", "Started");
    assertThat(((Step.Started) steps(before).get(1)).turn()).isEmpty();
    assertThat(turn(after))
        .isEqualTo(
            new Step.Turn(steps(after).getFirst().at(), 0, Step.Starts.NONE, Optional.empty()));
  }

  @Test
  void a_long_history_keeps_its_beginning_and_its_end() {
    Job job = accepted();
    for (int n = 1; n < JobHistory.STEPS_MAX; n++) {
      await(it.leases().requeue(granted(job, "w" + n).lease(), now(), BUSY));
      it.letPass(now());
    }
    granted(job, "last");

    List<Step> steps = steps(job);

    int written = 2 + 2 * (JobHistory.STEPS_MAX - 1) + 1;
    assertThat(steps).hasSize(JobHistory.STEPS_MAX);
    assertThat(words(job)).startsWith("Admitted", "Published", "Started", "Failed", "Started");
    assertThat(steps.get(JobHistory.FIRST_STEPS))
        .isInstanceOfSatisfying(
            Step.LeftOut.class,
            gone -> assertThat(gone.steps() + steps.size() - 1).isEqualTo(written));
    assertThat(((Step.Started) steps.getLast()).worker()).isEqualTo("last");
    assertThat(steps).extracting(Step::at).isSorted();
  }

  @Test
  void another_tenants_job_has_no_steps_and_neither_has_one_that_is_not_there() {
    Job job = accepted();

    assertThat(await(it.history().steps(job.id(), Optional.of("somebody")))).isEmpty();
    assertThat(await(it.history().steps(JobId.at(now()), Optional.of(tenant)))).isEmpty();
    assertThat(await(it.history().steps(job.id(), Optional.empty()))).hasSize(2);
  }

  @Test
  void a_history_lives_as_long_as_its_record() {
    Job job = accepted();
    finish(leased(job), COMPLETED);
    assertThat(steps(job)).isNotEmpty();
    it.letLifeEnd(job.id());
    await(it.store().sweep(100));

    assertThat(steps(job)).isEmpty();
  }

  @Test
  void a_record_that_a_claim_brought_back_says_that_its_history_was_lost() {
    Job job = chat().job();
    granted(job, "worker-1");

    assertThat(words(job)).containsExactly("Restored", "Started");
  }

  @Test
  void a_record_that_was_rebuilt_says_that_its_history_was_lost() {
    assumeThat(it.canLoseItsRecords()).isTrue();
    Job job = accepted();
    it.loseEverything();
    await(it.recovery().restore(new JobMessage(job, 0)));
    await(it.recovery().restore(new JobMessage(job, 0)));

    assertThat(words(job)).containsExactly("Restored");
  }
}
