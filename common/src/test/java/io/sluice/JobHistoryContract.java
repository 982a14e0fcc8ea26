package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
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
    return await(it.history().steps(job.id(), Optional.of(tenant)));
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
